/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cairo 1.16 and 1.18 write the tree of a tagged PDF, but neither /Lang nor /Alt. libqpdf adds
 * them. Its C interface turns every exception into an error that is asked for at the end.
 */
#include "tagged.h"

#include <qpdf/qpdf-c.h>

enum { MOST_DEPTH = 64 }; /* of elements in each other: lists in lists */

struct completion {
	qpdf_data pdf;
	char *const *descriptions;
	size_t count, next;
};

/* Gives each picture below an element its description. */
static void describe(struct completion *completion, qpdf_oh element, int depth)
{
	qpdf_data pdf = completion->pdf;
	qpdf_oh kids;

	if (!qpdf_oh_is_dictionary(pdf, element) || depth > MOST_DEPTH)
		return;
	if (qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, element, "/S"), "/Figure") &&
		completion->next < completion->count)
		qpdf_oh_replace_key(pdf, element, "/Alt",
			qpdf_oh_new_unicode_string(
				pdf, completion->descriptions[completion->next++]));
	kids = qpdf_oh_get_key(pdf, element, "/K");
	if (!qpdf_oh_is_array(pdf, kids)) {
		describe(completion, kids, depth + 1);
		return;
	}
	for (int i = 0; i < qpdf_oh_get_array_n_items(pdf, kids); i++)
		describe(completion, qpdf_oh_get_array_item(pdf, kids, i), depth + 1);
}

static bool write_out(qpdf_data pdf, struct secret *out)
{
	if (qpdf_init_write_memory(pdf) & QPDF_ERRORS)
		return false;
	/* Two files of one sheet are equal. The streams stay as cairo compressed them. */
	qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
	qpdf_set_stream_data_mode(pdf, qpdf_s_preserve);
	qpdf_set_object_stream_mode(pdf, qpdf_o_disable);
	return !(qpdf_write(pdf) & QPDF_ERRORS) &&
	       a2a_secret_append(
		       out, (const char *)qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
}

bool sheet_pdf_complete(const struct secret *drawn, const char *language, char *const *descriptions,
	size_t count, struct secret *out, const char *path, const struct a2a_log *log)
{
	qpdf_data pdf = qpdf_init();
	struct completion completion = {pdf, descriptions, count, 0};
	bool ok;

	qpdf_silence_errors(pdf);
	qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
	ok = !(qpdf_read_memory(pdf, path, drawn->bytes, drawn->length, NULL) & QPDF_ERRORS);
	if (ok) {
		const qpdf_oh root = qpdf_get_root(pdf);

		qpdf_oh_replace_key(pdf, root, "/Lang", qpdf_oh_new_unicode_string(pdf, language));
		qpdf_oh_replace_key(pdf, root, "/ViewerPreferences",
			qpdf_oh_parse(pdf, "<< /DisplayDocTitle true >>"));
		describe(&completion, qpdf_oh_get_key(pdf, root, "/StructTreeRoot"), 0);
		ok = write_out(pdf, out);
	}
	if (!ok || qpdf_has_error(pdf)) {
		const qpdf_error error = qpdf_get_error(pdf);

		a2a_fault_at(log, path, 0, "the PDF cannot be finished: %s",
			error ? qpdf_get_error_message_detail(pdf, error) : "out of memory");
		ok = false;
	}
	qpdf_cleanup(&pdf);
	return ok;
}
