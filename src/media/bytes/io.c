/* SPDX-License-Identifier: GPL-3.0-or-later
 * libavformat's I/O on descriptors: pread, pwrite, and a memory for errors. */
#include "media/io.h"

#include "base/bundle.h"

#include <errno.h>
#include <glib.h>
#include <libavutil/mem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BUFFER = 1 << 16, WRITE_BUFFER = 1 << 18 };

struct io {
    AVIOContext *context; /* NULL: a folder */
    int fd;
    bool writer;
    struct bundle_writer *bundle; /* of a folder */
    char *url, *about;
    int64_t offset, size;
    GArray *pieces; /* struct io_piece; NULL: all of the file is one */
    int64_t left;   /* bytes that may still be read; -1: any number */
    void (*reading)(void *data, double fraction);
    void *reading_data;
    int error;
};

static int64_t size_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_size : -1;
}

static int failed(struct io *io, int error)
{
    if (!io->error)
        io->error = error;
    return AVERROR(error);
}

/* Of a limit: nothing but zeros, as a sparse file is full of, counts eightfold. */
static int64_t weight(const uint8_t *data, ssize_t length)
{
    bool zeros = data[0] == 0 && memcmp(data, data + 1, (size_t)length - 1) == 0;
    return zeros ? 8 * (int64_t)length : length;
}

/* Where in the file an offset is, and how much may be read there at once. */
static int64_t place_of(const struct io *io, int64_t offset, int *length)
{
    for (guint i = 0; io->pieces && i < io->pieces->len; i++) {
        const struct io_piece *piece = &g_array_index(io->pieces, struct io_piece, i);
        if (offset < piece->length) {
            *length = (int)MIN(*length, piece->length - offset);
            return piece->offset + offset;
        }
        offset -= piece->length;
    }
    *length = io->pieces ? 0 : *length;
    return offset;
}

static int read_some(void *opaque, uint8_t *data, int length)
{
    struct io *io = opaque;
    ssize_t got;
    if (io->left == 0)
        return AVERROR_EOF;
    if (io->left > 0)
        length = (int)MIN(length, io->left);
    int64_t place = place_of(io, io->offset, &length);
    do
        got = pread(io->fd, data, (size_t)length, place);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return failed(io, errno);
    if (got == 0)
        return AVERROR_EOF;
    io->offset += got;
    if (io->left > 0)
        io->left = MAX(0, io->left - weight(data, got));
    if (io->reading && io->size > 0)
        io->reading(io->reading_data, (double)io->offset / (double)io->size);
    return (int)got;
}

void io_when_read(struct io *io, void (*reading)(void *data, double fraction), void *data)
{
    io->reading = reading;
    io->reading_data = data;
}

static int write_all(void *opaque, uint8_t *data, int length)
{
    struct io *io = opaque;
    for (int done = 0; done < length;) {
        ssize_t put = pwrite(io->fd, data + done, (size_t)(length - done), io->offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return failed(io, put < 0 ? errno : ENOSPC);
        done += (int)put;
        io->offset += put;
    }
    io->size = MAX(io->size, io->offset);
    return length;
}

static int64_t seek_to(void *opaque, int64_t offset, int whence)
{
    struct io *io = opaque;
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE)
        return io->size;
    if (whence == SEEK_CUR)
        offset += io->offset;
    else if (whence == SEEK_END)
        offset += io->size;
    else if (whence != SEEK_SET)
        return AVERROR(EINVAL);
    if (offset < 0)
        return AVERROR(EINVAL);
    return io->offset = offset;
}

static struct io *io_create(int fd, bool writer)
{
    struct io *io = g_new0(struct io, 1);
    int length = writer ? WRITE_BUFFER : READ_BUFFER;
    uint8_t *buffer = av_malloc((size_t)length);
    *io = (struct io){.fd = fd, .writer = writer, .size = writer ? 0 : size_of(fd), .left = -1};
    io->context = buffer ? avio_alloc_context(buffer, length, writer, io, writer ? NULL : read_some,
                                              writer ? write_all : NULL, seek_to)
                         : NULL;
    if (!io->context) {
        av_free(buffer);
        g_free(io);
        return NULL;
    }
    return io;
}

static void io_free(struct io *io)
{
    if (io->context)
        av_freep(&io->context->buffer);
    avio_context_free(&io->context);
    bundle_destroy(io->bundle);
    if (io->pieces)
        g_array_unref(io->pieces);
    g_free(io->url);
    g_free(io->about);
    g_free(io);
}

struct io *io_reader(int fd)
{
    return io_create(fd, false);
}

struct io *io_reader_pieces(int fd, const GArray *pieces)
{
    struct io *io = io_create(fd, false);
    if (!io)
        return NULL;
    io->pieces = g_array_new(FALSE, FALSE, sizeof(struct io_piece));
    g_array_append_vals(io->pieces, pieces->data, pieces->len);
    io->size = 0;
    for (guint i = 0; i < pieces->len; i++)
        io->size += g_array_index(pieces, struct io_piece, i).length;
    return io;
}

struct io *io_writer(int fd)
{
    return io_create(fd, true);
}

struct io *io_folder(int fd, const char *url)
{
    struct io *io = g_new0(struct io, 1);
    *io = (struct io){.fd = fd, .writer = true, .left = -1};
    io->bundle = bundle_create(fd);
    io->url = g_strdup(url);
    return io;
}

void io_tell(struct io *io, const char *about)
{
    g_free(io->about);
    io->about = g_strdup(about);
}

/* --- a folder's files: in memory while they are written --- */

struct page {
    struct io *io;
    char *name;
    GByteArray *data;
    int64_t at;
};

static int page_write(void *opaque, uint8_t *data, int length)
{
    struct page *page = opaque;
    int64_t end = page->at + length;
    if (end > G_MAXUINT32 / 2)
        return failed(page->io, EFBIG);
    if (end > page->data->len)
        g_byte_array_set_size(page->data, (guint)end);
    memcpy(page->data->data + page->at, data, (size_t)length);
    page->at = end;
    return length;
}

static int64_t page_seek(void *opaque, int64_t offset, int whence)
{
    struct page *page = opaque;
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE)
        return page->data->len;
    offset += whence == SEEK_CUR ? page->at : whence == SEEK_END ? (int64_t)page->data->len : 0;
    return offset < 0 || offset > page->data->len ? AVERROR(EINVAL) : (page->at = offset);
}

static void page_free(struct page *page)
{
    g_byte_array_unref(page->data);
    g_free(page->name);
    g_free(page);
}

static int open_page(AVFormatContext *format, AVIOContext **pb, const char *url, int flags,
                     AVDictionary **options)
{
    uint8_t *buffer = flags & AVIO_FLAG_WRITE ? av_malloc(WRITE_BUFFER) : NULL;
    struct page *page = g_new0(struct page, 1);
    page->io = format->opaque;
    page->name = g_path_get_basename(url);
    page->data = g_byte_array_new();
    *pb = buffer ? avio_alloc_context(buffer, WRITE_BUFFER, 1, page, NULL, page_write, page_seek)
                 : NULL;
    if (*pb)
        return 0;
    av_free(buffer);
    page_free(page);
    return flags & AVIO_FLAG_WRITE ? AVERROR(ENOMEM) : AVERROR(EPERM);
}

static int close_page(AVFormatContext *format, AVIOContext *pb)
{
    if (!pb)
        return 0;
    struct page *page = pb->opaque;
    struct io *io = page->io;
    avio_flush(pb);
    bool kept = bundle_add(io->bundle, page->name, page->data->data, page->data->len);
    int error = kept ? 0 : failed(io, errno);
    io->size = bundle_bytes(io->bundle);
    page_free(page);
    av_freep(&pb->buffer);
    avio_context_free(&pb);
    return error;
}

/* faststart opens the file it has written a second time, to shift it. */
static int open_again(AVFormatContext *format, AVIOContext **pb, const char *url, int flags,
                      AVDictionary **options)
{
    const struct io *own = format->opaque;
    bool same = own->writer && !(flags & AVIO_FLAG_WRITE) && g_strcmp0(url, format->url) == 0;
    if (!same)
        return AVERROR(EPERM);
    struct io *again = io_reader(own->fd);
    *pb = again ? again->context : NULL;
    return again ? 0 : AVERROR(ENOMEM);
}

static int close_again(AVFormatContext *format, AVIOContext *pb)
{
    if (pb && pb != format->pb)
        io_free(pb->opaque);
    return 0;
}

bool io_attach(struct io *io, AVFormatContext *format, struct failure *failure)
{
    format->pb = io->context;
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    format->opaque = io;
    format->io_open = io->bundle ? open_page : open_again;
    format->io_close2 = io->bundle ? close_page : close_again;
    av_freep(&format->protocol_whitelist);
    format->protocol_whitelist = av_strdup("none");
    if (io->writer) {
        av_freep(&format->url);
        format->url = av_strdup(io->url ? io->url : "output");
    }
    if (!format->protocol_whitelist || (io->writer && !format->url))
        return fail(failure, FAIL_MEMORY, "out of memory");
    return true;
}

AVIOContext *io_context(struct io *io)
{
    return io->context;
}

int64_t io_size(const struct io *io)
{
    return io->size;
}

void io_limit(struct io *io, int64_t bytes)
{
    io->left = bytes;
    io->context->eof_reached = 0;
}

bool io_limit_met(const struct io *io)
{
    return io->left == 0;
}

int io_error(const struct io *io)
{
    return io->error;
}

bool io_close(struct io *io, struct failure *failure)
{
    if (!io)
        return true;
    if (io->writer && io->context)
        avio_flush(io->context);
    if (io->bundle && !io->error && !bundle_finish(io->bundle, io->about))
        failed(io, errno);
    int error = io->error;
    bool writer = io->writer;
    io_free(io);
    if (!error)
        return true;
    if (!writer)
        return fail(failure, FAIL_INPUT_DAMAGED, "the file can't be read: %s", g_strerror(error));
    if (error == ENOSPC || error == EDQUOT)
        return fail(failure, FAIL_DISK, "no space left for the output (%s)", g_strerror(error));
    return fail(failure, FAIL_DISK, "the output can't be written: %s", g_strerror(error));
}
