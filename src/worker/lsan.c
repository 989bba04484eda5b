/* SPDX-License-Identifier: GPL-3.0-or-later
 * For LeakSanitizer: fontconfig keeps a configuration until the process ends, libx265 3.5 some of
 * its parameters. In sanitized builds only. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libx265";
}
