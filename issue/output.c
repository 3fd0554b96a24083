/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

static const struct {
	const char *format, *ending;
} outputs[A2A_OUTPUTS] = {
	[A2A_OUTPUT_TEXT] = {"text", "txt"},
	[A2A_OUTPUT_HTML] = {"html", "html"},
	[A2A_OUTPUT_PDF] = {"pdf", "pdf"},
	[A2A_OUTPUT_AUTOCONFIG] = {0, "autoconfig.xml"},
	[A2A_OUTPUT_MOBILECONFIG] = {0, "mobileconfig"},
};

const char *a2a_output_format(enum a2a_output output)
{
	return outputs[output].format;
}

const char *a2a_output_ending(enum a2a_output output)
{
	return outputs[output].ending;
}
