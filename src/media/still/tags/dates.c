/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dates in the forms that stills have them in. */
#include "dates.h"

#include "exif.h"

#include <stdio.h>
#include <string.h>

char *date_of_png(const char *words)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int year, month_day, hour, minute, second;
    char month[4] = "";
    if (sscanf(words, "%4d%*1[:-]%2d%*1[:-]%2d", &year, &hour, &month_day) == 3)
        return g_strdup(words);
    const char *at = strchr(words, ',');
    if (sscanf(at ? at + 1 : words, " %2d %3s %4d %2d:%2d:%2d", &month_day, month, &year, &hour,
               &minute, &second) != 6)
        return NULL;
    const char *found = strstr(months, month);
    return found && strlen(month) == 3
               ? g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d", year,
                                 (int)(found - months) / 3 + 1, month_day, hour, minute, second)
               : NULL;
}

char *date_for_xmp(GBytes *exif, const char *date)
{
    int y, mo, d, h, mi, s;
    if (sscanf(date, "%4d:%2d:%2d %2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6)
        return NULL;
    g_autoptr(GDateTime) real = g_date_time_new_utc(y, mo, d, h, mi, s);
    if (!real)
        return NULL;
    g_autofree char *part = exif ? exif_text(exif, EXIF_SUB_SEC_TIME_ORIGINAL) : NULL;
    g_autofree char *zone = exif ? exif_text(exif, EXIF_OFFSET_TIME_ORIGINAL) : NULL;
    bool parts = part && strspn(part, "0123456789") == strlen(part);
    bool zoned = zone && strlen(zone) == 6 && strspn(zone, "+-0123456789:") == 6;
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d%s%s%s", y, mo, d, h, mi, s,
                           parts ? "." : "", parts ? part : "", zoned ? zone : "");
}

char *date_for_exif(const char *date)
{
    int y, mo, d, h, mi, s;
    if (sscanf(date, "%4d-%2d-%2dT%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6)
        return NULL;
    return g_strdup_printf("%04d:%02d:%02d %02d:%02d:%02d", y, mo, d, h, mi, s);
}
