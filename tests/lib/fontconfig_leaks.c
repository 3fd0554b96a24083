/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests that open the templates of sheets, which loads the fonts: fontconfig keeps its caches
 * until the program ends, and LeakSanitizer would report them. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}
