/* SPDX-License-Identifier: GPL-3.0-or-later
 * libvips on descriptors that others may share. */
#include "private.h"

#include <errno.h>
#include <unistd.h>

struct place {
    int fd;
    gint64 at;
    int *error;
    struct still_reading *reading; /* or NULL */
};

static gint64 failed(struct place *place)
{
    if (*place->error == 0)
        *place->error = errno;
    return -1;
}

static gint64 at_once(const struct place *place, gint64 length)
{
    enum { LEAST = 4, PART = 8 };
    const gint64 left = place->reading ? place->reading->end - place->at : 0;
    return left > 0 ? MIN(length, MAX(left / PART, LEAST)) : length;
}

static gint64 on_read(GObject *object, void *data, gint64 length, struct place *place)
{
    ssize_t got;
    length = at_once(place, length);
    do
        got = pread(place->fd, data, (size_t)length, place->at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return failed(place);
    place->at += got;
    if (place->reading)
        place->reading->reached = MAX(place->reading->reached, place->at);
    return got;
}

static gint64 on_write(GObject *object, const void *data, gint64 length, struct place *place)
{
    ssize_t put;
    do
        put = pwrite(place->fd, data, (size_t)length, place->at);
    while (put < 0 && errno == EINTR);
    if (put < 0)
        return failed(place);
    place->at += put;
    return put;
}

static gint64 on_seek(GObject *object, gint64 offset, int whence, struct place *place)
{
    if (whence == SEEK_CUR)
        offset += place->at;
    if (whence == SEEK_END) {
        off_t end = lseek(place->fd, 0, SEEK_END);
        if (end < 0)
            return failed(place);
        offset += end;
    }
    if (offset < 0)
        return -1;
    return place->at = offset;
}

static void connect(void *object, const char *signal, GCallback call, struct place *place)
{
    g_signal_connect(object, signal, call, place);
}

static struct place *place_on(void *object, int fd, int *error)
{
    struct place *place = g_new(struct place, 1);
    *place = (struct place){.fd = fd, .error = error};
    g_object_set_data_full(object, "rushes-place", place, g_free);
    connect(object, "seek", G_CALLBACK(on_seek), place);
    connect(object, "read", G_CALLBACK(on_read), place);
    return place;
}

VipsSource *still_source(int fd, int *error)
{
    VipsSourceCustom *source = vips_source_custom_new();
    place_on(source, fd, error);
    return VIPS_SOURCE(source);
}

VipsSource *still_source_watched(int fd, struct still_reading *reading, int *error)
{
    VipsSourceCustom *source = vips_source_custom_new();
    reading->reached = 0;
    place_on(source, fd, error)->reading = reading;
    return VIPS_SOURCE(source);
}

VipsTarget *still_target(int fd, int *error)
{
    VipsTargetCustom *target = vips_target_custom_new();
    connect(target, "write", G_CALLBACK(on_write), place_on(target, fd, error));
    return VIPS_TARGET(target);
}

double still_seconds(VipsImage *image)
{
    enum { SHORTEST_MS = 10, INSTEAD_MS = 100 };
    int *delays, count, ms = 0;
    if (vips_image_get_page_height(image) == image->Ysize ||
        !vips_image_get_typeof(image, "delay") ||
        vips_image_get_array_int(image, "delay", &delays, &count))
        return 0;
    for (int i = 0; i < MIN(count, image->Ysize / vips_image_get_page_height(image)); i++)
        ms += delays[i] <= SHORTEST_MS ? INSTEAD_MS : delays[i];
    return ms / 1000.;
}
