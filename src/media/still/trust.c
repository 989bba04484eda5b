/* SPDX-License-Identifier: GPL-3.0-or-later
 * The mask of this process, and libvips' readers that it opens. */
#include "media/trust.h"

#include "vips_start.h"

static unsigned trusted;

void media_trust(unsigned trust)
{
    trusted = trust;
    if (trust & TRUST_JXL)
        vips_unblock_jxl("VipsForeignLoadJxl");
    if (trust & TRUST_HDR)
        vips_unblock("VipsForeignLoadRad");
    if (trust & TRUST_PPM)
        vips_unblock("VipsForeignLoadPpm");
}

bool media_trusts(const struct trust_row *format, struct failure *failure)
{
    return (trusted & format->trust) ||
           fail(failure, FAIL_UNSUPPORTED,
                "pictures in %s are opened only where the pipeline says `inputs: {trust: [%s]}` "
                "(with probe and check: --trust %s): their reader isn't hardened against unknown "
                "files",
                format->name, format->word, format->word);
}
