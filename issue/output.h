/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of an account beside its password: the sheet in each format, and the set-up files. */
#ifndef A2A_OUTPUT_H
#define A2A_OUTPUT_H

enum a2a_output {
	A2A_OUTPUT_TEXT,
	A2A_OUTPUT_HTML,
	A2A_OUTPUT_PDF,
	A2A_OUTPUT_AUTOCONFIG,
	A2A_OUTPUT_MOBILECONFIG,
	A2A_OUTPUTS
};

/* The name of a sheet's format, "pdf"; NULL for a set-up file. */
const char *a2a_output_format(enum a2a_output output);

/* What follows the user's name and a full stop in the file's name: "pdf", "autoconfig.xml". */
const char *a2a_output_ending(enum a2a_output output);

#endif
