/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound files: what comes out is what went in, to the bit; what can't be is told. */
#include "media/meter.h"
#include "sound_help.h"

#include <string.h>
#include <unistd.h>

#define IN(container, codec) \
    "{\"container\": \"" container "\", \"audio\": {\"codec\": \"" codec "\"}}"
#define WAV(codec) IN("wav", codec)

static float noise(int c, int64_t i, double amplitude)
{
    guint32 x = (guint32)i * 2654435761u + (guint32)c * 40503u;
    x = (x ^ x >> 15) * 2246822519u;
    x ^= x >> 13;
    return (float)(amplitude * ((double)x / 2147483648.0 - 1));
}

static float steady(int c, int64_t i, double amplitude)
{
    return (float)amplitude;
}

/* Source and output have the same whole numbers. */
static void check_exact(int format, const char *encode, int channels)
{
    g_auto(bench_ptr) bench = bench_create(sound_make(format, 44100, channels, 0.5, noise, 0.9));
    bench_output(bench, encode, NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    SF_INFO info;
    SNDFILE *file = sound_open(bench->fds[0], &info);
    gsize count = (gsize)(info.frames * channels);
    g_autofree int *in = g_new(int, count);
    sf_readf_int(file, in, info.frames);
    sf_close(file);
    g_assert_cmpint(out->info.frames, ==, info.frames);
    g_assert_cmpint(out->info.samplerate, ==, 44100);
    g_assert_cmpmem(out->whole, count * sizeof *in, in, count * sizeof *in);
    const struct claim *claim = &bench_result(bench, 0)->claim;
    g_assert_cmpint(claim->samples, ==, info.frames);
    g_assert_cmpint(claim->channels, ==, channels);
    g_assert_cmpint(claim->audio_streams, ==, 1);
}

static void sixteen_bits_without_steps_are_exact(void)
{
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_16, WAV("pcm_s16le"), 2);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_16, WAV("pcm_s24le"), 2);
    check_exact(SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, WAV("pcm_s16le"), 6);
    check_exact(SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                "{\"container\": \"aiff\", \"audio\": {\"codec\": \"pcm_s16be\"}}", 1);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_16, "{\"container\": \"flac\"}", 2);
}

static void more_bits_without_steps_are_exact(void)
{
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_24, WAV("pcm_s24le"), 2);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_24, "{\"container\": \"flac\"}", 2);
    check_exact(SF_FORMAT_FLAC | SF_FORMAT_PCM_24, WAV("pcm_s24le"), 2);
    check_exact(SF_FORMAT_CAF | SF_FORMAT_PCM_24, "{\"container\": \"aiff\"}", 2);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_32, WAV("pcm_s32le"), 2);
    check_exact(SF_FORMAT_W64 | SF_FORMAT_PCM_32, WAV("pcm_s32le"), 2);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_24, IN("w64", "pcm_s24le"), 1);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_24, IN("caf", "pcm_s24le"), 1);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_24, IN("aiff", "pcm_s24be"), 1);
    check_exact(SF_FORMAT_WAV | SF_FORMAT_PCM_32, IN("aiff", "pcm_s32be"), 2);
}

static void floats_without_steps_are_exact(void)
{
    static const char *const encodes[] = {WAV("pcm_f32le"), WAV("pcm_f64le"),
                                          IN("w64", "pcm_f32le"), IN("caf", "pcm_f64le"),
                                          IN("aiff", "pcm_f32be")};
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        g_auto(bench_ptr) bench =
            bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 2, 0.5, noise, 1.5));
        bench_output(bench, encodes[i], NULL);
        bench_render(bench);
        g_auto(heard_ptr) out = heard_of(bench, 0);
        g_assert_cmpint(out->info.frames, ==, 22050);
        for (int s = 0; s < 44100; s++)
            g_assert_cmpfloat(out->samples[s], ==, noise(s % 2, s / 2, 1.5));
    }
}

/* Values that 32 bits would round. */
static void doubles_stay_doubles(void)
{
    int source = sound_empty();
    SF_INFO info = {.format = SF_FORMAT_WAV | SF_FORMAT_DOUBLE, .samplerate = 48000, .channels = 1};
    double in[480], out[480];
    SNDFILE *file = sf_open_fd(dup(source), SFM_WRITE, &info, SF_TRUE);
    for (int i = 0; i < 480; i++)
        in[i] = (i + 1) / 1443.0;
    sf_writef_double(file, in, 480);
    sf_close(file);
    g_auto(bench_ptr) bench = bench_create(source);
    bench_output(bench, WAV("pcm_f64le"), NULL);
    bench_render(bench);
    file = sound_open(bench_fd(bench, 0), &info);
    g_assert_cmpint(sf_readf_double(file, out, 480), ==, 480);
    sf_close(file);
    g_assert_cmpmem(out, sizeof out, in, sizeof in);
}

/* What libav makes of an output, which has to be whole. */
static struct facts *decoded(const struct bench *bench, unsigned output)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct source_health health;
    struct facts *facts = facts_create();
    const struct measure_opts opts = {.threads = 1, .loudness = true};
    g_assert_cmpstr(bench_result(bench, output)->failure.message, ==, NULL);
    g_auto(source_ptr) source = source_open(bench_fd(bench, output), NULL, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_assert_true(measure_source(source, &opts, facts, &health, &failure));
    g_assert_cmpint(health.decode_errors, ==, 0);
    return facts;
}

/* An odd count of bytes has a pad byte, which is no sound: as libav reads it, too. */
static void no_format_makes_a_sample_of_a_pad_byte(void)
{
    static const char *const encodes[] = {WAV("pcm_s24le"), IN("aiff", "pcm_s24be"),
                                          IN("w64", "pcm_s24le"), IN("caf", "pcm_s24le"),
                                          "{\"container\": \"flac\"}"};
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        g_auto(bench_ptr) bench = bench_create(
            sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000, 1, 1001 / 48000.0, noise, 0.5));
        bench_output(bench, encodes[i], NULL);
        bench_render(bench);
        g_test_message("%s", encodes[i]);
        g_auto(facts_ptr) facts = decoded(bench, 0);
        g_assert_cmpint(facts->decoded_samples, ==, 1001);
    }
}

static void wave_is_extensible_only_where_it_has_to_be(void)
{
    static const int channels[] = {1, 2, 6};
    for (unsigned i = 0; i < G_N_ELEMENTS(channels); i++) {
        g_auto(bench_ptr) bench = bench_create(sound_make(SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 48000,
                                                          channels[i], 0.1, sound_tone, 0.5));
        bench_output(bench, WAV("pcm_s24le"), NULL);
        bench_render(bench);
        g_auto(heard_ptr) out = heard_of(bench, 0);
        g_assert_cmpint(out->info.format & SF_FORMAT_TYPEMASK, ==,
                        channels[i] > 2 ? SF_FORMAT_WAVEX : SF_FORMAT_WAV);
    }
}

/* 1.2 becomes full scale, not its opposite, and the report counts it. */
static void beyond_full_scale_is_clipped_and_counted(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 0.1, steady, 1.2));
    bench_output(bench, WAV("pcm_s16le"), NULL);
    bench_output(bench, WAV("pcm_s24le"), NULL);
    bench_output(bench, WAV("pcm_f32le"), NULL);
    bench_render(bench);
    g_auto(heard_ptr) small = heard_of(bench, 0);
    g_auto(heard_ptr) middle = heard_of(bench, 1);
    g_auto(heard_ptr) open = heard_of(bench, 2);
    for (int i = 0; i < 4800; i++) {
        g_assert_cmpint(small->whole[i] >> 16, ==, 32767);
        g_assert_cmpint(middle->whole[i] >> 8, ==, 8388607);
        g_assert_cmpfloat(open->samples[i], ==, 1.2f);
    }
    g_assert_true(bench_noted(bench, 0, "clipped: 4800 samples"));
}

/* Nor where libav converts: a wrapped 1.2 would be -0.8, 1.9 dB below full scale. */
static void beyond_full_scale_is_clipped_by_libav(void)
{
    static const char *const encodes[] = {IN("m4a", "alac"), IN("mkv", "pcm_s16le")};
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, steady, 1.2));
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++)
        bench_output(bench, encodes[i], NULL);
    bench_render(bench);
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        g_auto(facts_ptr) facts = decoded(bench, i);
        g_assert_cmpfloat_with_epsilon(facts->sample_peak_dbfs, 0, 0.01);
    }
}

/* AAC's encoder makes windows beyond full scale softer, each by its own measure: of 2 by 6 dB. Of
 * full scale it takes 0.45 dB (its limit is 0.95), of what is nearly square 0.7 dB. */
static void beyond_full_scale_is_clipped_before_lossy_codecs(void)
{
    static const char *const encodes[] = {
        IN("m4a", "aac"),  IN("mkv", "opus"), IN("mkv", "vorbis"),   IN("mkv", "ac3"),
        IN("mkv", "eac3"), IN("mp3", "mp3"),  IN("wav", "pcm_s24le")};
    const unsigned plain = G_N_ELEMENTS(encodes) - 1;
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, sound_tone, 2));
    for (unsigned i = 0; i <= plain; i++)
        bench_output(bench, encodes[i], NULL);
    bench_render(bench);
    g_auto(facts_ptr) clipped = decoded(bench, plain);
    for (unsigned i = 0; i < plain; i++) {
        g_auto(facts_ptr) facts = decoded(bench, i);
        g_test_message("%s", encodes[i]);
        g_assert_true(bench_noted(bench, i, "clipped: "));
        g_assert_cmpfloat_with_epsilon(facts->rms_dbfs, clipped->rms_dbfs, 1);
    }
}

/* 0.3 of a step would be silence without dither. */
static void fewer_bits_keep_the_mean_by_dither(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 4, steady, 0.3 / 32768));
    bench_output(bench, WAV("pcm_s16le"), NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    double sum = 0;
    for (int64_t i = 0; i < out->info.frames; i++)
        sum += out->whole[i] / 65536;
    g_assert_cmpfloat_with_epsilon(sum / (double)out->info.frames, 0.3, 0.02);
    g_assert_true(bench_noted(bench, 0, "dither"));
}

static enum failure_class class_of_cut(int whole, double share)
{
    g_auto(bench_ptr) bench = bench_create(sound_cut_at(whole, share));
    bench_output(bench, WAV("pcm_s16le"), NULL);
    bench_render(bench);
    return bench_result(bench, 0)->failure.class;
}

static void a_cut_file_is_damaged(void)
{
    static const int formats[] = {
        SF_FORMAT_WAV | SF_FORMAT_PCM_16,  SF_FORMAT_AIFF | SF_FORMAT_PCM_24,
        SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_W64 | SF_FORMAT_PCM_16,
        SF_FORMAT_RF64 | SF_FORMAT_PCM_16, SF_FORMAT_CAF | SF_FORMAT_PCM_16,
        SF_FORMAT_AU | SF_FORMAT_PCM_16,
    };
    static const double shares[] = {0.1, 0.5, 0.9, 0.9999};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        int whole = sound_make(formats[f], 48000, 2, 1, noise, 0.5);
        for (unsigned s = 0; s < G_N_ELEMENTS(shares); s++) {
            g_test_message("format %x cut at %g", (unsigned)formats[f], shares[s]);
            g_assert_cmpint(class_of_cut(whole, shares[s]), ==, FAIL_INPUT_DAMAGED);
        }
        g_assert_cmpint(class_of_cut(whole, 1), ==, FAIL_NONE);
        close(whole);
    }
}

static void a_file_cut_behind_its_samples_is_damaged(void)
{
    int whole = sound_empty();
    SF_INFO info = {.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16, .samplerate = 48000, .channels = 1};
    SNDFILE *file = sf_open_fd(dup(whole), SFM_WRITE, &info, SF_TRUE);
    short samples[480] = {0};
    sf_writef_short(file, samples, 480);
    sf_set_string(file, SF_STR_TITLE, "a title that is written behind the samples");
    sf_close(file);
    g_assert_cmpint(class_of_cut(whole, 1), ==, FAIL_NONE);
    g_assert_cmpint(class_of_cut(whole, 0.99), ==, FAIL_INPUT_DAMAGED);
    close(whole);
}

static void damage_is_rendered_when_allowed(void)
{
    int whole = sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2, 1, noise, 0.5);
    g_auto(bench_ptr) bench = bench_create(sound_cut_at(whole, 0.5));
    bench->task->damaged_allow = true;
    bench_output(bench, WAV("pcm_s16le"), NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpfloat_with_epsilon((double)out->info.frames, 24000, 20);
    g_assert_true(bench_noted(bench, 0, "damaged"));
    close(whole);
}

static int with_broadcast_chunk(void)
{
    int fd = sound_empty();
    SF_INFO info = {.format = SF_FORMAT_WAV | SF_FORMAT_PCM_24, .samplerate = 48000, .channels = 1};
    SNDFILE *file = sf_open_fd(dup(fd), SFM_WRITE, &info, SF_TRUE);
    SF_BROADCAST_INFO bext = {.description = "Scene 12 take 3",
                              .originator = "Recorder",
                              .originator_reference = "USABC1234",
                              .time_reference_low = 48000u * 3600u,
                              .version = 1};
    memcpy(bext.origination_date, "2026-11-20", 10);
    memcpy(bext.origination_time, "21-15-00", 8);
    g_assert_true(sf_command(file, SFC_SET_BROADCAST_INFO, &bext, sizeof bext) == SF_TRUE);
    sf_set_string(file, SF_STR_TITLE, "Take three");
    g_autofree float *samples = g_new0(float, 96000);
    sf_writef_float(file, samples, 96000);
    sf_close(file);
    return fd;
}

static void metadata_sets_and_strips(void)
{
    g_auto(bench_ptr) bench = bench_create(with_broadcast_chunk());
    bench_output(bench, WAV("pcm_s24le"), "[{\"metadata\": {\"artist\": \"A\"}}]");
    bench_output(bench, WAV("pcm_s24le"),
                 "[{\"metadata\": {\"strip\": \"true\", \"artist\": \"A\"}}]");
    bench_render(bench);
    for (unsigned i = 0; i < 2; i++) {
        SF_INFO info;
        SNDFILE *file = sound_open(bench_fd(bench, i), &info);
        g_assert_cmpstr(sf_get_string(file, SF_STR_TITLE), ==, i ? NULL : "Take three");
        g_assert_cmpstr(sf_get_string(file, SF_STR_ARTIST), ==, "A");
        sf_close(file);
    }
}

/* Comments of our own in a FLAC file of libsndfile, behind what it begins with. */
static int with_comments(const char *const *comments)
{
    int plain = sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 48000, 1, 1, sound_tone, 0.1);
    g_autoptr(GByteArray) file = g_byte_array_new(), block = g_byte_array_new();
    gsize size = (gsize)lseek(plain, 0, SEEK_END), first = 4 + 4 + 34;
    g_byte_array_set_size(file, (guint)size);
    g_assert_cmpint(pread(plain, file->data, size, 0), ==, (gssize)size);
    close(plain);
    guint8 count = (guint8)g_strv_length((char **)comments);
    g_byte_array_append(block, (const guint8[]){0, 0, 0, 0, count, 0, 0, 0}, 8);
    for (; *comments; comments++) {
        guint8 length = (guint8)strlen(*comments);
        g_byte_array_append(block, (const guint8[]){length, 0, 0, 0}, 4);
        g_byte_array_append(block, (const guint8 *)*comments, length);
    }
    guint8 head[4] = {4, 0, (guint8)(block->len >> 8), (guint8)block->len};
    if (file->data[4] & 0x80) {
        file->data[4] &= 0x7f;
        head[0] |= 0x80;
    }
    int fd = sound_empty();
    g_assert_cmpint(write(fd, file->data, first), ==, (gssize)first);
    g_assert_cmpint(write(fd, head, 4), ==, 4);
    g_assert_cmpint(write(fd, block->data, block->len), ==, block->len);
    g_assert_cmpint(write(fd, file->data + first, size - first), ==, (gssize)(size - first));
    return fd;
}

static void tags_of_the_source_without_a_place_are_told(void)
{
    static const char *const comments[] = {
        "TITLE=T",      "Composer=C", "ISRC=X",   "ALBUMARTIST=AA",
        "ENCODER=none", "artist=A",   "ARTIST=B", NULL};
    static const char *const encodes[] = {"{\"container\": \"flac\"}", WAV("pcm_s16le")};
    static const char *const artists[] = {"A", "A;B"}; /* the first of two, one of both */
    g_auto(bench_ptr) bench = bench_create(with_comments(comments));
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++)
        bench_output(bench, encodes[i], NULL);
    bench_output(bench, encodes[0], "[{\"metadata\": {\"strip\": \"true\"}}]");
    bench_output(bench, "{\"container\": \"w64\"}", NULL);
    bench_render(bench);
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        SF_INFO info;
        SNDFILE *file = sound_open(bench_fd(bench, i), &info);
        g_assert_cmpstr(sf_get_string(file, SF_STR_TITLE), ==, "T");
        g_assert_cmpstr(sf_get_string(file, SF_STR_ARTIST), ==, artists[i]);
        sf_close(file);
    }
    g_assert_false(bench_noted(bench, 0, "dropped: tags"));
    g_assert_true(bench_noted(bench, 1, "dropped: tags (composer, isrc, album_artist): a "));
    g_assert_false(bench_noted(bench, 2, "dropped: tags"));
    g_assert_true(bench_noted(bench, 3, "dropped: tags (title, composer, isrc"));
}

static void one_output_fails_alone(void)
{
    static const struct {
        const char *encode;
        enum failure_class class;
    } rows[] = {
        {WAV("pcm_s16le"), FAIL_NONE},
        {"{\"container\": \"wav\", \"audio\": {\"options\": {\"speed\": \"1\"}}}", FAIL_CONFIG},
        {"{\"container\": \"flac\", \"audio\": {\"options\": {\"speed\": \"1\"}}}", FAIL_CONFIG},
        {"{\"container\": \"m4a\"}", FAIL_NONE},
        {"{\"container\": \"mp3\"}", FAIL_NONE},
    };
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2, 0.5, sound_tone, 0.5));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        bench_output(bench, rows[i].encode, NULL);
    bench_render(bench);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(bench_result(bench, i)->failure.class, ==, rows[i].class);
    g_assert_cmpstr(bench_result(bench, 3)->claim.audio_codec, ==, "aac");
    g_assert_cmpint(bench_result(bench, 3)->claim.samples, ==, 24000);
    g_assert_cmpstr(bench_result(bench, 4)->claim.audio_codec, ==, "mp3");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sound/A19 16 bits are exact", sixteen_bits_without_steps_are_exact);
    g_test_add_func("/sound/A19 more bits are exact", more_bits_without_steps_are_exact);
    g_test_add_func("/sound/A19 floats are exact", floats_without_steps_are_exact);
    g_test_add_func("/sound/A19 doubles stay doubles", doubles_stay_doubles);
    g_test_add_func("/sound/A19 a pad byte is no sample", no_format_makes_a_sample_of_a_pad_byte);
    g_test_add_func("/sound/wavex", wave_is_extensible_only_where_it_has_to_be);
    g_test_add_func("/sound/A18 beyond full scale clips, and is counted",
                    beyond_full_scale_is_clipped_and_counted);
    g_test_add_func("/sound/A18 beyond full scale clips by libav, too",
                    beyond_full_scale_is_clipped_by_libav);
    g_test_add_func("/sound/A18 beyond full scale clips before lossy codecs, too",
                    beyond_full_scale_is_clipped_before_lossy_codecs);
    g_test_add_func("/sound/dither", fewer_bits_keep_the_mean_by_dither);
    g_test_add_func("/sound/cut", a_cut_file_is_damaged);
    g_test_add_func("/sound/cut-behind", a_file_cut_behind_its_samples_is_damaged);
    g_test_add_func("/sound/damage-allowed", damage_is_rendered_when_allowed);
    g_test_add_func("/sound/metadata", metadata_sets_and_strips);
    g_test_add_func("/sound/alone", one_output_fails_alone);
    g_test_add_func("/sound/tags of the source without a place are told",
                    tags_of_the_source_without_a_place_are_told);
    return g_test_run();
}
