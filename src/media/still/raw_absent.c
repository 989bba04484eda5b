/* SPDX-License-Identifier: GPL-3.0-or-later
 * A build without LibRaw. */
#include "raw.h"

bool still_raw_takes(const struct trust_row *format)
{
    return format && format->trust == TRUST_RAW;
}

static bool refuse(struct failure *failure)
{
    return fail(failure, FAIL_UNSUPPORTED,
                "camera raw needs LibRaw, which this build of rushes has not: install libraw-dev "
                "and build it again, or develop the picture to TIFF first");
}

bool still_raw_look(int fd, struct facts *facts, struct failure *failure)
{
    return refuse(failure);
}

VipsImage *still_raw_read(int fd, int threads, char **damage, struct failure *failure)
{
    refuse(failure);
    return NULL;
}
