/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame of a WAVE file. */
#include "wave_file.h"

#include "../bytes/little.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEAD = 12,      /* RIFF, size, WAVE */
    DS64 = 28,      /* content of ds64 and of the JUNK that keeps its place */
    FORMAT_PCM = 1, /* tags of WAVEFORMAT */
    FORMAT_FLOAT = 3,
    FORMAT_EXTENSIBLE = 0xFFFE,
    EXTRA = 22, /* bytes of WAVEFORMATEXTENSIBLE behind WAVEFORMATEX */
};

/* What follows the tag in KSDATAFORMAT_SUBTYPE_PCM and _IEEE_FLOAT. */
static const uint8_t guid_tail[14] = {0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80,
                                      0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71};

bool wave_file_over(struct wave_file *file, int64_t at, const void *data, size_t length,
                    struct failure *failure)
{
    for (size_t done = 0; done < length;) {
        ssize_t got =
            pwrite(file->fd, (const char *)data + done, length - done, at + (int64_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(failure, FAIL_DISK, "writing the file: %s",
                        g_strerror(got < 0 ? errno : ENOSPC));
        done += (size_t)got;
    }
    return true;
}

static bool append(struct wave_file *file, const void *data, size_t length, struct failure *failure)
{
    if (!wave_file_over(file, file->at, data, length, failure))
        return false;
    file->at += (int64_t)length;
    return true;
}

static bool pad(struct wave_file *file, int64_t length, struct failure *failure)
{
    return length % 2 == 0 || append(file, "", 1, failure);
}

bool wave_file_chunk(struct wave_file *file, const char id[4], const void *data, size_t length,
                     int64_t *at, struct failure *failure)
{
    uint8_t head[8];
    memcpy(head, id, 4);
    little_put(head + 4, (uint32_t)length, 4);
    if (at)
        *at = file->at + (int64_t)sizeof head;
    return append(file, head, sizeof head, failure) && append(file, data, length, failure) &&
           pad(file, (int64_t)length, failure);
}

static bool write_format(struct wave_file *file, struct failure *failure)
{
    const struct wave_format *f = &file->format;
    uint8_t data[18 + EXTRA] = {0};
    unsigned tag = f->floats ? FORMAT_FLOAT : FORMAT_PCM,
             frame = (unsigned)(f->channels * f->bits / 8);
    little_put(data, f->extensible ? FORMAT_EXTENSIBLE : tag, 2);
    little_put(data + 2, (unsigned)f->channels, 2);
    little_put(data + 4, (uint32_t)f->rate, 4);
    little_put(data + 8, (uint32_t)f->rate * frame, 4);
    little_put(data + 12, frame, 2);
    little_put(data + 14, (unsigned)f->bits, 2);
    little_put(data + 16, EXTRA, 2);
    little_put(data + 18, (unsigned)f->bits, 2);
    little_put(data + 20, f->mask, 4);
    little_put(data + 24, tag, 2);
    memcpy(data + 26, guid_tail, sizeof guid_tail);
    return wave_file_chunk(file, "fmt ", data, f->extensible ? sizeof data : 16, NULL, failure);
}

bool wave_file_begin(struct wave_file *file, int fd, const struct wave_format *format,
                     struct failure *failure)
{
    static const uint8_t nothing[DS64];
    *file = (struct wave_file){.fd = fd, .format = *format};
    return append(file, "RIFF\0\0\0\0WAVE", HEAD, failure) &&
           wave_file_chunk(file, "JUNK", nothing, DS64, NULL, failure) &&
           write_format(file, failure) &&
           (!format->floats || wave_file_chunk(file, "fact", nothing, 4, &file->fact_at, failure));
}

bool wave_file_data(struct wave_file *file, struct failure *failure)
{
    bool written = append(file, "data\0\0\0", 8, failure);
    file->data_at = file->at;
    return written;
}

bool wave_file_samples(struct wave_file *file, const void *data, size_t length,
                       struct failure *failure)
{
    file->data_bytes += (int64_t)length;
    return append(file, data, length, failure);
}

bool wave_file_data_end(struct wave_file *file, struct failure *failure)
{
    return pad(file, file->data_bytes, failure);
}

int64_t wave_file_frames(const struct wave_file *file)
{
    return file->data_bytes / (file->format.channels * file->format.bits / 8);
}

static bool over32(struct wave_file *file, int64_t at, int64_t value, struct failure *failure)
{
    uint8_t data[4];
    little_put(data, (uint32_t)MIN(value, UINT32_MAX), 4);
    return wave_file_over(file, at, data, sizeof data, failure);
}

/* Sizes that 32 bits can't hold are all ones there, and in ds64. */
static bool become_rf64(struct wave_file *file, struct failure *failure)
{
    uint8_t ds64[8 + DS64] = {'d', 's', '6', '4', DS64};
    little_put(ds64 + 8, (uint64_t)file->at - 8, 8);
    little_put(ds64 + 16, (uint64_t)file->data_bytes, 8);
    little_put(ds64 + 24, (uint64_t)wave_file_frames(file), 8);
    return wave_file_over(file, 0, "RF64", 4, failure) &&
           wave_file_over(file, HEAD, ds64, sizeof ds64, failure);
}

bool wave_file_end(struct wave_file *file, struct failure *failure)
{
    bool large = file->at - 8 >= UINT32_MAX;
    return (!large || become_rf64(file, failure)) &&
           over32(file, 4, large ? UINT32_MAX : file->at - 8, failure) &&
           over32(file, file->data_at - 4, large ? UINT32_MAX : file->data_bytes, failure) &&
           (!file->fact_at || over32(file, file->fact_at, wave_file_frames(file), failure));
}
