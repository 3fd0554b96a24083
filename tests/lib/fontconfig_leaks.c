/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests that make PDF sheets: fontconfig keeps its caches until the program ends, which
 * LeakSanitizer would report. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}
