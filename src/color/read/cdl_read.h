/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the readers of CDL files share: each fills a file from a scan. */
#pragma once

#include "color/cdl_file.h"
#include "scan.h"

enum { CDL_ERRORS_MAX = 10 };

/* The readers. All that can be wrong is reported by the scan. */
void cdl_xml_read(struct scan *s, struct cdl_file *file);
void cdl_edl_read(struct scan *s, struct cdl_file *file);
void cdl_ale_read(struct scan *s, struct cdl_file *file);

/* A neutral one that stands on the current line. */
struct cdl_correction *cdl_correction_create(const struct scan *s);
void cdl_correction_destroy(void *correction);

/* Checks the numbers, and adds the correction to the file, or frees it. `at`, anywhere in the text,
 * for reports: columns are counted only when there is one, since a file may be one long line. */
void cdl_take(struct scan *s, struct cdl_file *file, struct cdl_correction *correction,
              struct span at);

/* Numbers with blanks, or commas and blanks, between them, or three with commas alone; exactly
 * `count`, or reports, naming `what`. Makes the line they stand on the current one. */
bool cdl_numbers(struct scan *s, struct span text, const char *what, int count, double *out);

/* "(s s s)(o o o)(p p p)" at the beginning of `text`; what follows it is left there. */
bool cdl_sop(struct scan *s, struct span *text, struct cdl *cdl);

struct span span_trim(struct span span);
char *span_dup(struct span span); /* caller frees; NULL when empty */
