/* SPDX-License-Identifier: GPL-3.0-or-later
 * GLib's and xxHash's, fed together. */
#include "base/digest.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum { READ_SIZE = 4 << 20, SHA512_SIZE = 64, C4_DIGITS = 88 };

const char *const digest_names[DIGEST_COUNT + 1] = {"c4", "md5", "sha1", "xxh128", "xxh3", "xxh64"};

static const unsigned text_length[DIGEST_COUNT] = {90, 32, 40, 32, 16, 16};
static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

struct digest_state {
    unsigned formats;
    GChecksum *sums[DIGEST_SHA1 + 1]; /* NULL: not wanted */
    XXH3_state_t *xxh128, *xxh3;
    XXH64_state_t *xxh64;
};

int digest_named(const char *name)
{
    for (int i = 0; i < DIGEST_COUNT; i++)
        if (strcmp(digest_names[i], name) == 0)
            return i;
    return -1;
}

bool digest_is_text(enum digest_format format, const char *text)
{
    if (strlen(text) != text_length[format])
        return false;
    if (format == DIGEST_C4)
        return g_str_has_prefix(text, "c4") && strspn(text + 2, base58) == C4_DIGITS;
    return strspn(text, "0123456789abcdefABCDEF") == text_length[format];
}

bool digest_equal(enum digest_format format, const char *one, const char *other)
{
    return (format == DIGEST_C4 ? strcmp(one, other) : g_ascii_strcasecmp(one, other)) == 0;
}

int digest_quickest(unsigned formats)
{
    static const enum digest_format order[DIGEST_COUNT] = {DIGEST_XXH128, DIGEST_XXH3, DIGEST_XXH64,
                                                           DIGEST_MD5,    DIGEST_SHA1, DIGEST_C4};
    for (int i = 0; i < DIGEST_COUNT; i++)
        if (formats & DIGEST_BIT(order[i]))
            return (int)order[i];
    return -1;
}

struct digest_state *digest_begin(unsigned formats)
{
    static const GChecksumType types[] = {G_CHECKSUM_SHA512, G_CHECKSUM_MD5, G_CHECKSUM_SHA1};
    struct digest_state *state = g_new0(struct digest_state, 1);
    state->formats = formats;
    for (int i = 0; i <= DIGEST_SHA1; i++)
        state->sums[i] = formats & DIGEST_BIT(i) ? g_checksum_new(types[i]) : NULL;
    state->xxh128 = XXH3_createState();
    state->xxh3 = XXH3_createState();
    state->xxh64 = XXH64_createState();
    if (!state->xxh128 || !state->xxh3 || !state->xxh64)
        g_error("out of memory");
    XXH3_128bits_reset(state->xxh128);
    XXH3_64bits_reset(state->xxh3);
    XXH64_reset(state->xxh64, 0);
    return state;
}

void digest_update(struct digest_state *state, const void *data, gsize length)
{
    if (!length)
        return;
    for (int i = 0; i <= DIGEST_SHA1; i++)
        if (state->sums[i])
            g_checksum_update(state->sums[i], data, (gssize)length);
    if (state->formats & DIGEST_BIT(DIGEST_XXH128))
        XXH3_128bits_update(state->xxh128, data, length);
    if (state->formats & DIGEST_BIT(DIGEST_XXH3))
        XXH3_64bits_update(state->xxh3, data, length);
    if (state->formats & DIGEST_BIT(DIGEST_XXH64))
        XXH64_update(state->xxh64, data, length);
}

static void update_c4(struct digest_state *state, const char *text)
{
    guint8 bytes[SHA512_SIZE] = {0};
    for (int i = 2; text[i]; i++) {
        unsigned carry = (unsigned)(strchr(base58, text[i]) - base58);
        for (int k = SHA512_SIZE - 1; k >= 0; k--) {
            carry += 58u * bytes[k];
            bytes[k] = (guint8)carry;
            carry >>= 8;
        }
    }
    digest_update(state, bytes, sizeof bytes);
}

void digest_update_text(struct digest_state *state, enum digest_format format, const char *text)
{
    if (format == DIGEST_C4) {
        update_c4(state, text);
        return;
    }
    for (; text[0] && text[1]; text += 2) {
        guint8 byte = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        digest_update(state, &byte, 1);
    }
}

static void put_hex(char *out, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void put_c4(char *out, guint8 bytes[SHA512_SIZE])
{
    memcpy(out, "c4", 2);
    for (int digit = C4_DIGITS - 1; digit >= 0; digit--) {
        unsigned rest = 0;
        for (int k = 0; k < SHA512_SIZE; k++) {
            rest = rest << 8 | bytes[k];
            bytes[k] = (guint8)(rest / 58);
            rest %= 58;
        }
        out[2 + digit] = base58[rest];
    }
    out[2 + C4_DIGITS] = '\0';
}

static void put_sum(char *out, GChecksum *sum, enum digest_format format)
{
    guint8 bytes[SHA512_SIZE];
    gsize length = sizeof bytes;
    if (format != DIGEST_C4) {
        g_strlcpy(out, g_checksum_get_string(sum), DIGEST_TEXT_SIZE);
        return;
    }
    g_checksum_get_digest(sum, bytes, &length);
    put_c4(out, bytes);
}

static void put_xxhashes(const struct digest_state *state, struct digest_texts *out)
{
    XXH128_canonical_t wide;
    XXH64_canonical_t narrow;
    if (state->formats & DIGEST_BIT(DIGEST_XXH128)) {
        XXH128_canonicalFromHash(&wide, XXH3_128bits_digest(state->xxh128));
        put_hex(out->of[DIGEST_XXH128], wide.digest, sizeof wide.digest);
    }
    if (state->formats & DIGEST_BIT(DIGEST_XXH3)) {
        XXH64_canonicalFromHash(&narrow, XXH3_64bits_digest(state->xxh3));
        put_hex(out->of[DIGEST_XXH3], narrow.digest, sizeof narrow.digest);
    }
    if (state->formats & DIGEST_BIT(DIGEST_XXH64)) {
        XXH64_canonicalFromHash(&narrow, XXH64_digest(state->xxh64));
        put_hex(out->of[DIGEST_XXH64], narrow.digest, sizeof narrow.digest);
    }
}

void digest_end(struct digest_state *state, struct digest_texts *out)
{
    *out = (struct digest_texts){0};
    for (int i = 0; i <= DIGEST_SHA1; i++)
        if (state->sums[i]) {
            put_sum(out->of[i], state->sums[i], (enum digest_format)i);
            g_checksum_free(state->sums[i]);
        }
    put_xxhashes(state, out);
    XXH3_freeState(state->xxh128);
    XXH3_freeState(state->xxh3);
    XXH64_freeState(state->xxh64);
    g_free(state);
}

/* False on an error, errno kept. */
static bool read_all(int fd, struct digest_state *state, const struct digest_ear *ear, char *buffer)
{
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    for (off_t offset = 0;;) {
        ssize_t got = pread(fd, buffer, READ_SIZE, offset);
        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        digest_update(state, buffer, (gsize)got);
        offset += got;
        if (ear && !ear->read(ear->self, got)) {
            errno = ECANCELED;
            return false;
        }
    }
}

bool digest_fd(int fd, unsigned formats, const struct digest_ear *ear, struct digest_texts *out)
{
    struct digest_state *state = digest_begin(formats);
    g_autofree char *buffer = g_malloc(READ_SIZE);
    bool fine = read_all(fd, state, ear, buffer);
    int number = errno;
    digest_end(state, out);
    errno = number;
    return fine;
}

bool digest_file(const char *path, unsigned formats, const struct digest_ear *ear,
                 struct digest_texts *out, GError **error)
{
    int fd = file_open_input(path, error);
    if (fd < 0)
        return false;
    bool fine = digest_fd(fd, formats, ear, out);
    int number = errno;
    close(fd);
    if (!fine)
        g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(number), "%s: can't be read: %s",
                    path, g_strerror(number));
    return fine;
}
