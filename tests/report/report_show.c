/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prints the page of a made-up report, to be looked at in a browser: report_show [hostile]. */
#include "made_report.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    g_auto(report_ptr) report = argc > 1 ? made_hostile_report() : made_report();
    g_autofree char *html = report_to_html(report);
    fputs(html, stdout);
    return 0;
}
