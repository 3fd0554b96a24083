/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that are made for an account: the sheet in each format, and the set-up files. */
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

/* Returns the name of a sheet's format, such as "pdf"; NULL for a set-up file. */
const char *a2a_output_format(enum a2a_output output);

/* Returns the end of the file's name, after the user's name and a full stop: "pdf",
 * "autoconfig.xml". */
const char *a2a_output_ending(enum a2a_output output);

#endif
