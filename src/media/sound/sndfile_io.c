/* SPDX-License-Identifier: GPL-3.0-or-later
 * libsndfile on descriptors, by offset. */
#include "sndfile_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 64 << 10 };

static sf_count_t io_length(void *data)
{
    return ((struct sound_io *)data)->size;
}

static sf_count_t io_seek(sf_count_t offset, int whence, void *data)
{
    struct sound_io *io = data;
    int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? io->offset : io->size;
    if (offset < -base || offset > INT64_MAX - base)
        return -1;
    return io->offset = base + offset;
}

static sf_count_t io_tell(void *data)
{
    return ((struct sound_io *)data)->offset;
}

/* As pread(), through the window; of more than that past it. */
static ssize_t read_file(struct sound_io *io, void *to, size_t length, int64_t at)
{
    int64_t into = at - io->window_at;
    if (into < 0 || into >= (int64_t)io->window_length) {
        if (length > WINDOW)
            return pread(io->fd, to, length, at);
        if (!io->window)
            io->window = g_malloc(WINDOW);
        ssize_t got = pread(io->fd, io->window, WINDOW, at);
        if (got <= 0)
            return got;
        io->window_at = at;
        io->window_length = (size_t)got;
        into = 0;
    }
    length = MIN(length, io->window_length - (size_t)into);
    memcpy(to, io->window + into, length);
    return (ssize_t)length;
}

static ssize_t read_piece(struct sound_io *io, void *to, size_t length)
{
    const struct wave_view *view = io->view;
    int64_t left = io->size - io->offset, head = view ? (int64_t)view->head_length : 0;
    if (!view)
        return read_file(io, to, length, io->offset);
    if (left <= 0)
        return 0;
    length = (size_t)MIN((int64_t)length, io->offset < head ? head - io->offset : left);
    if (io->offset >= head)
        return read_file(io, to, length, view->data_at + io->offset - head);
    memcpy(to, view->head + io->offset, length);
    return (ssize_t)length;
}

static sf_count_t io_read(void *to, sf_count_t length, void *data)
{
    struct sound_io *io = data;
    sf_count_t done = 0;
    while (done < length) {
        ssize_t got = read_piece(io, (char *)to + done, (size_t)(length - done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && !io->error)
            io->error = errno;
        if (got <= 0)
            break;
        io->offset += got;
        done += got;
    }
    return done;
}

static sf_count_t io_write(const void *from, sf_count_t length, void *data)
{
    struct sound_io *io = data;
    sf_count_t done = 0;
    while (done < length) {
        ssize_t got =
            pwrite(io->fd, (const char *)from + done, (size_t)(length - done), io->offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            io->error = io->error ? io->error : got < 0 ? errno : ENOSPC;
            break;
        }
        io->offset += got;
        io->size = MAX(io->size, io->offset);
        done += got;
    }
    return done;
}

SNDFILE *sound_io_open(struct sound_io *io, int mode, SF_INFO *info)
{
    static SF_VIRTUAL_IO calls = {io_length, io_seek, io_read, io_write, io_tell};
    return sf_open_virtual(&calls, mode, info, io);
}

void sound_io_clear(struct sound_io *io)
{
    g_clear_pointer(&io->window, g_free);
    io->window_length = 0;
}
