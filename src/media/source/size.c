/* SPDX-License-Identifier: GPL-3.0-or-later
 * What containers say of their own size. libav reads most cut files without a word; their outer
 * boxes tell. Only sizes are read here, nothing is trusted further. */
#include "../bytes/ebml.h"
#include "../bytes/wave_size.h"
#include "source.h"

#include <string.h>
#include <unistd.h>

struct bytes {
    int fd;
    int64_t size;
};

static bool at(const struct bytes *file, int64_t offset, void *out, size_t length)
{
    return offset >= 0 && offset <= file->size - (int64_t)length &&
           pread(file->fd, out, length, offset) == (ssize_t)length;
}

static uint64_t big(const uint8_t *p, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

static uint64_t little(const uint8_t *p, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | p[i];
    return value;
}

/* How far `end` lies behind the end of the file. */
static int64_t behind(const struct bytes *file, int64_t start, uint64_t length)
{
    if (length > (uint64_t)INT64_MAX / 2)
        return -1;
    return MAX(0, start + (int64_t)length - file->size);
}

static bool is_fourcc(const uint8_t *p)
{
    for (int i = 0; i < 4; i++)
        if (p[i] < 0x20 && p[i] != 0)
            return false;
    return g_ascii_isalnum(p[0]) || p[0] == 0xa9;
}

/* ISO/IEC 14496-12: boxes of a 32-bit size (1: 64 bits follow, 0: to the end) and a type. */
static int64_t missing_mov(const struct bytes *file)
{
    uint8_t box[16];
    for (int64_t pos = 0; pos < file->size;) {
        if (!at(file, pos, box, 8))
            return file->size - pos > 3 ? 8 - (file->size - pos) : 0;
        uint64_t size = big(box, 4);
        if (size == 0 || !is_fourcc(box + 4))
            return 0;
        if (size == 1)
            size = at(file, pos, box, 16) ? big(box + 8, 8) : 16;
        int64_t missing = behind(file, pos, size);
        if (missing || size < 8)
            return missing;
        pos += (int64_t)size;
    }
    return 0;
}

/* Matroska: an element of EBML, and the Segment. */
static int64_t missing_matroska(const struct bytes *file)
{
    enum { SEGMENT = 0x18538067 };
    struct ebml element;
    for (int64_t pos = 0; ebml_read(file->fd, pos, file->size, &element); pos = element.end) {
        int64_t missing = element.end == EBML_ENDLESS ? -1 : MAX(0, element.end - file->size);
        if (missing || element.id == SEGMENT)
            return missing;
    }
    return 0;
}

/* WAVE: chunk after chunk as far as the outer one reaches; RF64 and BW64 have the sizes in ds64. A
 * size of 0, or one that tells nothing, is what a streaming writer leaves. Writers miscount the
 * outer one by its own head, so only more than that is missing. */
static int64_t missing_wav(const struct bytes *file)
{
    uint8_t head[12], chunk[8], ds64[16];
    uint64_t long_size = 0;
    bool found = false;
    if (!at(file, 0, head, 12))
        return -1;
    uint64_t riff = little(head + 4, 4), end = riff == 0 || riff == UINT32_MAX ? 0 : 8 + riff;
    for (int64_t pos = 12; at(file, pos, chunk, 8) && (!found || (uint64_t)pos < end);) {
        uint64_t size = little(chunk + 4, 4);
        bool data = memcmp(chunk, "data", 4) == 0;
        if (memcmp(chunk, "ds64", 4) == 0 && at(file, pos + 8, ds64, 16)) {
            end = 8 + little(ds64, 8);
            long_size = little(ds64 + 8, 8);
        }
        if (data && size == UINT32_MAX && memcmp(head, "RIFF", 4) != 0)
            size = long_size;
        if (data && (size == 0 || wave_size_is_untold(size)))
            return -1;
        int64_t missing = behind(file, pos + 8, size);
        if (missing)
            return missing;
        found |= data;
        pos += 8 + (int64_t)size + (int64_t)(size & 1);
    }
    if (!found)
        return -1;
    int64_t missing = end ? behind(file, 0, end) : 0;
    return missing > 8 ? missing : 0;
}

/* AU: where the samples start, and their bytes. */
static int64_t missing_au(const struct bytes *file)
{
    uint8_t head[12];
    if (!at(file, 0, head, 12) || big(head + 8, 4) == UINT32_MAX)
        return -1;
    return behind(file, (int64_t)big(head + 4, 4), big(head + 8, 4));
}

/* AVI: one RIFF, or several (OpenDML). */
static int64_t missing_avi(const struct bytes *file)
{
    uint8_t chunk[8];
    for (int64_t pos = 0; at(file, pos, chunk, 8) && memcmp(chunk, "RIFF", 4) == 0;) {
        uint64_t size = little(chunk + 4, 4);
        if (size == 0 || size == UINT32_MAX)
            return -1;
        int64_t missing = behind(file, pos + 8, size);
        if (missing)
            return missing;
        pos += 8 + (int64_t)size + (size & 1);
    }
    return 0;
}

static int64_t missing_aiff(const struct bytes *file)
{
    uint8_t form[8];
    return at(file, 0, form, 8) ? behind(file, 8, big(form + 4, 4)) : -1;
}

static int64_t missing_w64(const struct bytes *file)
{
    uint8_t head[24];
    return at(file, 0, head, 24) ? behind(file, 0, little(head + 16, 8)) : -1;
}

static int64_t missing_caf(const struct bytes *file)
{
    uint8_t chunk[12];
    for (int64_t pos = 8; at(file, pos, chunk, 12);) {
        uint64_t size = big(chunk + 4, 8);
        int64_t missing = behind(file, pos + 12, size);
        if (missing || size > INT64_MAX)
            return missing;
        pos += 12 + (int64_t)size;
    }
    return 0;
}

/* ASF: the File Properties object of the header has the size of the file; bit 0 of its flags
 * says that it was broadcast and the size means nothing. */
static int64_t missing_asf(const struct bytes *file)
{
    static const uint8_t properties[16] = {0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11,
                                           0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65};
    uint8_t object[92];
    for (int64_t pos = 30; at(file, pos, object, 24);) {
        uint64_t size = little(object + 16, 8);
        if (memcmp(object, properties, 16) == 0 && at(file, pos, object, 92))
            return object[88] & 1 ? -1 : behind(file, 0, little(object + 40, 8));
        if (size < 24 || size > INT32_MAX)
            return -1;
        pos += (int64_t)size;
    }
    return -1;
}

/* A KLV triplet of SMPTE ST 336: 16 bytes of key, BER length. The length of the head, 0 for none.
 */
static int klv_head(const struct bytes *file, int64_t pos, uint8_t key[16], uint64_t *length)
{
    uint8_t ber[9];
    if (!at(file, pos, key, 16) || memcmp(key, "\x06\x0e\x2b\x34", 4) != 0 ||
        !at(file, pos + 16, ber, 1))
        return 0;
    int extra = ber[0] & 0x80 ? ber[0] & 0x7f : 0;
    if (extra > 8 || !at(file, pos + 16, ber, (size_t)extra + 1))
        return 0;
    *length = extra ? big(ber + 1, extra) : ber[0];
    return 17 + extra;
}

/* MXF (SMPTE ST 377-1): the header partition knows where the footer is once it is closed; from
 * there the triplets go on to the end. */
static int64_t missing_mxf(const struct bytes *file)
{
    uint8_t key[16], partition[32];
    uint64_t length;
    int64_t start = 0;
    while (start < 65536 && at(file, start, key, 14) &&
           memcmp(key, "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", 14) != 0)
        start++;
    int head = klv_head(file, start, key, &length);
    if (!head || !at(file, start + head, partition, 32))
        return -1;
    uint64_t footer = big(partition + 24, 8);
    if (footer == 0)
        return -1;
    int64_t missing = behind(file, start + 17, footer);
    for (int64_t pos = start + (int64_t)footer; !missing && pos < file->size;) {
        head = klv_head(file, pos, key, &length);
        if (!head)
            return file->size - pos < 17 ? 17 - (file->size - pos) : 0;
        missing = behind(file, pos + head, length);
        pos += head + (int64_t)length;
    }
    return missing;
}

/* MPEG-TS: whole packets of 188 bytes, 192 with a time code before (M2TS), 204 with parity. */
static int64_t missing_ts(const struct bytes *file)
{
    static const struct {
        int size, before;
    } shapes[] = {{188, 0}, {192, 4}, {204, 0}};
    for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++) {
        int good = 0;
        uint8_t sync;
        for (int i = 0; i < 8; i++)
            good +=
                at(file, (int64_t)i * shapes[s].size + shapes[s].before, &sync, 1) && sync == 0x47;
        int64_t rest = file->size % shapes[s].size;
        if (good == 8)
            return rest ? shapes[s].size - rest : 0;
    }
    return -1;
}

/* Ogg: the last page, found from the end, has to be whole. */
static int64_t missing_ogg(const struct bytes *file)
{
    enum { PAGE_MAX = 65307 };
    g_autofree uint8_t *tail = g_malloc(PAGE_MAX);
    int64_t start = MAX(0, file->size - PAGE_MAX);
    size_t length = (size_t)(file->size - start);
    if (!at(file, start, tail, length))
        return -1;
    for (int64_t i = (int64_t)length - 27; i >= 0; i--) {
        if (memcmp(tail + i, "OggS\0", 5) != 0 || i + 27 + tail[i + 26] > (int64_t)length)
            continue;
        uint64_t page = 27u + tail[i + 26];
        for (int s = 0; s < tail[i + 26]; s++)
            page += tail[i + 27 + s];
        int64_t rest = (int64_t)length - i - (int64_t)page;
        bool next_cut = rest > 0 && rest < 27 && tail[i + page] == 'O';
        return next_cut ? 27 - rest : MAX(0, -rest);
    }
    return -1;
}

/* MP3: the first frame may carry a Xing or Info tag: flags (2: bytes are given), frames, bytes of
 * the stream from that frame on. An ID3v2 tag stands before it. */
static int64_t missing_mp3(const struct bytes *file)
{
    uint8_t head[10], frame[64];
    int64_t start = 0;
    if (at(file, 0, head, 10) && memcmp(head, "ID3", 3) == 0)
        start = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]);
    if (!at(file, start, frame, sizeof frame) || frame[0] != 0xff)
        return -1;
    for (size_t i = 4; i + 16 <= sizeof frame; i++) {
        const uint8_t *tag = frame + i;
        if (memcmp(tag, "Xing", 4) != 0 && memcmp(tag, "Info", 4) != 0)
            continue;
        bool counted = tag[7] & 2;
        return counted ? behind(file, start, big(tag + (tag[7] & 1 ? 12 : 8), 4)) : -1;
    }
    return -1;
}

int64_t container_bytes_missing(int fd, int64_t size, const char *demuxer)
{
    static const struct {
        const char *demuxer;
        int64_t (*missing)(const struct bytes *);
    } rows[] = {
        {"mov,mp4,m4a,3gp,3g2,mj2", missing_mov},
        {"matroska,webm", missing_matroska},
        {"wav", missing_wav},
        {"au", missing_au},
        {"avi", missing_avi},
        {"aiff", missing_aiff},
        {"w64", missing_w64},
        {"caf", missing_caf},
        {"asf", missing_asf},
        {"mxf", missing_mxf},
        {"mpegts", missing_ts},
        {"ogg", missing_ogg},
        {"mp3", missing_mp3},
    };
    struct bytes file = {fd, size};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(demuxer, rows[i].demuxer) == 0)
            return rows[i].missing(&file);
    return -1;
}
