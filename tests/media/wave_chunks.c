/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a WAVE file has beside its samples: all of it comes along with the whole programme, and of
 * a part what can be made true of that part. */
#include "sound_help.h"
#include "wave_help.h"

#include <string.h>
#include <unistd.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\"}}"

enum { RATE = 48000 };

/* A field recorder's, as the iXML specification 3.01 describes it. */
static const char ixml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<BWFXML>\n\t<IXML_VERSION>3.01</IXML_VERSION>\n\t<SCENE>12</SCENE>\n"
    "\t<NOTE>r\xc3\xa9verb &amp; wind</NOTE>\n"
    "\t<SPEED><FILE_SAMPLE_RATE>48000</FILE_SAMPLE_RATE>"
    "<AUDIO_BIT_DEPTH>24</AUDIO_BIT_DEPTH>"
    "<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>0</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
    "<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>172800000</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
    "<TIMESTAMP_SAMPLE_RATE>48000</TIMESTAMP_SAMPLE_RATE></SPEED>\n"
    "\t<SYNC_POINT_LIST><SYNC_POINT_COUNT>2</SYNC_POINT_COUNT>"
    "<SYNC_POINT><SYNC_POINT_TYPE>RELATIVE</SYNC_POINT_TYPE>"
    "<SYNC_POINT_LOW>100</SYNC_POINT_LOW><SYNC_POINT_HIGH>0</SYNC_POINT_HIGH></SYNC_POINT>"
    "<SYNC_POINT><SYNC_POINT_TYPE>RELATIVE</SYNC_POINT_TYPE>"
    "<SYNC_POINT_LOW>30000</SYNC_POINT_LOW><SYNC_POINT_HIGH>0</SYNC_POINT_HIGH></SYNC_POINT>"
    "</SYNC_POINT_LIST>\n"
    "\t<TRACK_LIST><TRACK_COUNT>2</TRACK_COUNT>"
    "<TRACK><CHANNEL_INDEX>1</CHANNEL_INDEX><NAME>BOOM</NAME></TRACK>"
    "<TRACK><CHANNEL_INDEX>2</CHANNEL_INDEX><NAME>LAV</NAME></TRACK></TRACK_LIST>\n"
    "\t<BEXT><BWF_TIME_REFERENCE_LOW>172800000</BWF_TIME_REFERENCE_LOW>"
    "<BWF_TIME_REFERENCE_HIGH>0</BWF_TIME_REFERENCE_HIGH>"
    "<BWF_LOUDNESS_VALUE>-2310</BWF_LOUDNESS_VALUE></BEXT>\n"
    "\t<LOUDNESS><LOUDNESS_VALUE>-23.10</LOUDNESS_VALUE></LOUDNESS>\n</BWFXML>\n";

static void put32(guint8 *to, guint32 value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (guint8)(value >> 8 * i);
}

/* Points 1, 2, 3 at 0.1, 0.75 and 1.9 s. */
static void add_cues(struct wave *wave)
{
    static const guint32 at[] = {4800, 36000, 91200};
    guint8 cue[4 + 3 * 24] = {0};
    put32(cue, 3);
    for (guint32 i = 0; i < 3; i++) {
        guint8 *point = cue + 4 + 24 * i;
        put32(point, i + 1);
        put32(point + 4, at[i]);
        memcpy(point + 8, "data", 4);
        put32(point + 20, at[i]);
    }
    wave_chunk(wave, "cue ", cue, sizeof cue);
    static const char labels[] = "adtllabl\x0a\0\0\0\1\0\0\0begin\0labl\x09\0\0\0\2\0\0\0here\0\0"
                                 "ltxt\x14\0\0\0\2\0\0\0\x80\x3e\0\0rgn \0\0\0\0\0\0\0\0"
                                 "note\x09\0\0\0\3\0\0\0late\0\0";
    wave_chunk(wave, "LIST", labels, sizeof labels - 1);
}

static const struct {
    const char *id, *data;
} plain[] = {
    {"axml", "<?xml?><ebuCoreMain/>"},
    {"chna", "1 1 1 ATU_00000001"},
    {"_PMX", "<x:xmpmeta/>"},
    {"id3 ", "ID3 odd"},
    {"LGWV", "drawn"},
    {"xyz1", "who knows"},
    {"inst", "seven b"},
};

/* Two seconds in two channels, with everything. */
static int full(void)
{
    g_autoptr(GByteArray) bext = wave_bext(172800000, "A=PCM,F=48000,W=24,M=stereo,T=x\r\n");
    struct wave *wave = wave_begin(RATE, 2);
    wave_chunk(wave, "iXML", ixml, sizeof ixml - 1);
    for (unsigned i = 0; i < 3; i++)
        wave_chunk(wave, plain[i].id, plain[i].data, strlen(plain[i].data));
    wave_samples(wave, 2 * RATE);
    for (unsigned i = 3; i < G_N_ELEMENTS(plain); i++)
        wave_chunk(wave, plain[i].id, plain[i].data, strlen(plain[i].data));
    add_cues(wave);
    wave_chunk(wave, "bext", bext->data, bext->len);
    return wave_end(wave);
}

static struct bench *rendered(int source, const char *encode, const char *steps)
{
    struct bench *bench = bench_create(source);
    bench->task->source->duration_s = 2;
    bench_output(bench, encode, steps);
    bench_render(bench);
    g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
    return bench;
}

static void assert_same(int a, int b, const char *id)
{
    g_autoptr(GBytes) was = wave_find(a, id, NULL);
    g_autoptr(GBytes) is = wave_find(b, id, NULL);
    g_test_message("%s", id);
    g_assert_nonnull(is);
    g_assert_true(g_bytes_equal(was, is));
}

static void chunks_of_the_whole_are_the_same_to_the_byte(void)
{
    g_auto(bench_ptr) bench = rendered(full(), WAV, NULL);
    int source = bench->fds[0], output = bench_fd(bench, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(plain); i++)
        assert_same(source, output, plain[i].id);
    static const char *const others[] = {"iXML", "cue ", "LIST", "data"};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        assert_same(source, output, others[i]);
    g_assert_cmpint(wave_place(output, "axml"), <, wave_place(output, "data"));
    g_assert_cmpint(wave_place(output, "data"), <, wave_place(output, "xyz1"));
}

/* Everything in the file is a chunk, and the file ends where the last one does. */
static void sizes_add_up(void)
{
    g_auto(bench_ptr) bench = rendered(full(), WAV, "[{\"trim\": {\"from\": \"0.3s\"}}]");
    int fd = bench_fd(bench, 0);
    guint8 riff[8];
    g_assert_cmpint(pread(fd, riff, 8, 0), ==, 8);
    goffset size = riff[4] | riff[5] << 8 | riff[6] << 16, at;
    g_assert_cmpint(size + 8, ==, lseek(fd, 0, SEEK_END));
    g_autoptr(GBytes) labels = wave_find(fd, "LIST", &at);
    g_assert_cmpint(at + 8 + (goffset)g_bytes_get_size(labels), ==, size + 8);
}

static char *ixml_of(const struct bench *bench, unsigned output)
{
    g_autoptr(GBytes) chunk = wave_find(bench_fd(bench, output), "iXML", NULL);
    return chunk ? g_strndup(g_bytes_get_data(chunk, NULL), g_bytes_get_size(chunk)) : NULL;
}

static void assert_has(const char *text, const char *part)
{
    g_test_message("%s", part);
    g_assert_nonnull(strstr(text, part));
}

static void ixml_of_a_part_has_its_times(void)
{
    g_auto(bench_ptr) bench = rendered(full(), WAV, "[{\"trim\": {\"from\": \"0.5s\"}}]");
    g_autofree char *text = ixml_of(bench, 0);
    g_autoptr(GBytes) bext = wave_find(bench_fd(bench, 0), "bext", NULL);
    g_assert_cmpuint(wave_number(bext, BEXT_TIME_REFERENCE, 8), ==, 172824000);
    assert_has(text, "MIDNIGHT_LO>172824000</TIMESTAMP");
    assert_has(text, "<BWF_TIME_REFERENCE_LOW>172824000</BWF_TIME");
    assert_has(text, "<SYNC_POINT_LOW>6000</SYNC_POINT_LOW>");
    g_assert_null(strstr(text, "<SYNC_POINT_LOW>100<"));
    assert_has(text, "<SYNC_POINT_COUNT>1<");
    g_assert_null(strstr(text, "LOUDNESS"));
    assert_has(text, "r\xc3\xa9verb &amp; wind");
    assert_has(text, "<NAME>LAV</NAME>");
    assert_has(text, "<FILE_SAMPLE_RATE>48000<");
}

static const char counted[] =
    "<BWFXML><SPEED><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>0</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
    "<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>345600000</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
    "<TIMESTAMP_SAMPLE_RATE>96000</TIMESTAMP_SAMPLE_RATE></SPEED>"
    "<NOTE>r\xc3\xa9verb</NOTE></BWFXML>";

/* It counts at 96 kHz, the file at 48. */
static void a_clock_of_ixml_alone_is_kept(void)
{
    static const char *const encodes[] = {
        "{\"container\": \"wav\", \"audio\": {\"bext\": \"always\"}}", WAV};
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        struct wave *wave = wave_begin(RATE, 1);
        wave_chunk(wave, "iXML", counted, sizeof counted - 1);
        wave_samples(wave, 2 * RATE);
        g_auto(bench_ptr) bench =
            rendered(wave_end(wave), encodes[i], "[{\"trim\": {\"from\": \"0.5s\"}}]");
        g_autofree char *text = ixml_of(bench, 0);
        g_autoptr(GBytes) bext = wave_find(bench_fd(bench, 0), "bext", NULL);
        assert_has(text, "MIDNIGHT_LO>345648000</TIMESTAMP");
        assert_has(text, "<TIMESTAMP_SAMPLE_RATE>96000<");
        assert_has(text, "<NOTE>r\xc3\xa9verb</NOTE>");
        g_assert_true((bext != NULL) == (i == 0));
        if (bext)
            g_assert_cmpuint(wave_number(bext, BEXT_TIME_REFERENCE, 8), ==, 172824000);
    }
}

static void clocks_of_two_rates_may_agree(void)
{
    g_autoptr(GByteArray) bext = wave_bext(172800000, "");
    struct wave *wave = wave_begin(RATE, 1);
    wave_chunk(wave, "bext", bext->data, bext->len);
    wave_chunk(wave, "iXML", counted, sizeof counted - 1);
    wave_samples(wave, 2 * RATE);
    g_auto(bench_ptr) bench = rendered(wave_end(wave), WAV, NULL);
    g_assert_false(bench_noted(bench, 0, "disagree about when it starts"));
    assert_same(bench->fds[0], bench_fd(bench, 0), "iXML");
}

/* Silence before it is no start of the source. */
static void silence_before_it_moves_what_is_counted(void)
{
    g_auto(bench_ptr) bench = rendered(full(), WAV, "[{\"silence\": {\"head\": \"0.5s\"}}]");
    g_autoptr(GBytes) cue = wave_find(bench_fd(bench, 0), "cue ", NULL);
    g_autofree char *text = ixml_of(bench, 0);
    g_assert_cmpuint(wave_number(cue, 24, 4), ==, 28800);
    assert_has(text, "MIDNIGHT_LO>172776000</TIMESTAMP");
    assert_has(text, "<SYNC_POINT_LOW>24100<");
}

static void ixml_at_another_rate_counts_at_it(void)
{
    g_auto(bench_ptr) bench =
        rendered(full(), "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s16le\"}}",
                 "[{\"resample\": {\"rate\": \"96 kHz\"}}]");
    g_autofree char *text = ixml_of(bench, 0);
    assert_has(text, "MIDNIGHT_LO>345600000</TIMESTAMP");
    assert_has(text, "<FILE_SAMPLE_RATE>96000<");
    assert_has(text, "<TIMESTAMP_SAMPLE_RATE>96000<");
    assert_has(text, "<AUDIO_BIT_DEPTH>16<");
    assert_has(text, "<SYNC_POINT_LOW>200<");
}

static void track_names_go_with_their_channels(void)
{
    static const char *const steps[] = {"[{\"channels\": {\"layout\": \"mono\"}}]",
                                        "[{\"channels\": {\"map\": [2, 1]}}]"};
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_auto(bench_ptr) bench = rendered(full(), WAV, steps[i]);
        g_autofree char *text = ixml_of(bench, 0);
        g_assert_null(strstr(text, "TRACK_LIST"));
        assert_has(text, "<SCENE>12</SCENE>");
        g_assert_true(bench_noted(bench, 0, "dropped: the track names in iXML"));
        g_assert_true(bench_noted(bench, 0, "dropped: the chna chunk"));
    }
}

static void two_clocks_that_disagree_are_told(void)
{
    g_autoptr(GByteArray) bext = wave_bext(172800001, "");
    struct wave *wave = wave_begin(RATE, 2);
    wave_chunk(wave, "bext", bext->data, bext->len);
    wave_chunk(wave, "iXML", ixml, sizeof ixml - 1);
    wave_samples(wave, 2 * RATE);
    g_auto(bench_ptr) bench = rendered(wave_end(wave), WAV, NULL);
    g_assert_true(bench_noted(bench, 0, "disagree about when it starts"));
}

static void what_only_calls_itself_ixml_stays_with_the_whole(void)
{
    static const char broken[] = "<BWFXML><SPEED></BWFXML>";
    struct wave *wave = wave_begin(RATE, 1);
    wave_chunk(wave, "iXML", broken, sizeof broken - 1);
    wave_samples(wave, 2 * RATE);
    g_auto(bench_ptr) bench = bench_create(wave_end(wave));
    bench->task->source->duration_s = 2;
    bench_output(bench, WAV, NULL);
    bench_output(bench, WAV, "[{\"trim\": {\"from\": \"0.5s\"}}]");
    bench_render(bench);
    assert_same(bench->fds[0], bench_fd(bench, 0), "iXML");
    g_autofree char *text = ixml_of(bench, 1);
    g_assert_null(text);
    g_assert_true(bench_noted(bench, 1, "dropped: the iXML chunk"));
}

static void cue_points_move_with_cuts(void)
{
    g_auto(bench_ptr) bench =
        rendered(full(), WAV, "[{\"trim\": {\"from\": \"0.5s\", \"to\": \"1.5s\"}}]");
    g_autoptr(GBytes) cue = wave_find(bench_fd(bench, 0), "cue ", NULL);
    g_autoptr(GBytes) labels = wave_find(bench_fd(bench, 0), "LIST", NULL);
    g_assert_cmpuint(g_bytes_get_size(cue), ==, 4 + 24);
    g_assert_cmpuint(wave_number(cue, 0, 4), ==, 1);
    g_assert_cmpuint(wave_number(cue, 4, 4), ==, 2);
    g_assert_cmpuint(wave_number(cue, 8, 4), ==, 12000);
    g_assert_cmpuint(wave_number(cue, 24, 4), ==, 12000);
    static const char kept[] = "adtllabl\x09\0\0\0\2\0\0\0here\0\0"
                               "ltxt\x14\0\0\0\2\0\0\0\x80\x3e\0\0rgn \0\0\0\0\0\0\0\0";
    g_assert_cmpmem(g_bytes_get_data(labels, NULL), g_bytes_get_size(labels), kept,
                    sizeof kept - 1);
    g_assert_true(bench_noted(bench, 0, "dropped: 2 cue points outside of the part"));
}

/* What a change of speed leaves true: where it starts, also behind a cut of what plays faster. */
static void at_another_speed_no_time_of_the_source_is_left(void)
{
    static const char *const pitches[] = {"keep", "follow"};
    for (unsigned i = 0; i < G_N_ELEMENTS(pitches); i++) {
        g_autofree char *steps = g_strdup_printf("[{\"speed\": {\"factor\": \"2\", \"pitch\": "
                                                 "\"%s\"}}, {\"trim\": {\"from\": \"0.25s\"}}]",
                                                 pitches[i]);
        g_auto(bench_ptr) bench = rendered(full(), WAV, steps);
        int fd = bench_fd(bench, 0);
        g_autoptr(GBytes) cue = wave_find(fd, "cue ", NULL);
        g_autoptr(GBytes) axml = wave_find(fd, "axml", NULL);
        g_autoptr(GBytes) bext = wave_find(fd, "bext", NULL);
        g_autofree char *text = ixml_of(bench, 0);
        g_assert_true(!cue && !text && !axml);
        g_assert_true(bench_noted(bench, 0, "dropped: cue points, whose times are the source's"));
        g_assert_true(bench_noted(bench, 0, "dropped: the iXML chunk"));
        g_assert_cmpuint(wave_number(bext, BEXT_TIME_REFERENCE, 8), ==, 172824000);
    }
}

static void cue_points_reach_aiff(void)
{
    static const char *const steps = "[{\"trim\": {\"from\": \"0.5s\"}}]";
    g_auto(bench_ptr) bench = rendered(full(), "{\"container\": \"aiff\"}", steps);
    SF_INFO info;
    SF_CUES cues;
    SNDFILE *file = sound_open(bench_fd(bench, 0), &info);
    g_assert_true(sf_command(file, SFC_GET_CUE, &cues, sizeof cues) == SF_TRUE);
    sf_close(file);
    g_assert_cmpuint(cues.cue_count, ==, 2);
    g_assert_cmpuint(cues.cue_points[0].sample_offset, ==, 12000);
    g_assert_cmpstr(cues.cue_points[0].name, ==, "here");
    g_assert_true(bench_noted(bench, 0, "dropped: 1 cue points outside of the part"));
}

/* And back: numbered anew, with their names. */
static void markers_of_aiff_become_cue_points(void)
{
    g_auto(bench_ptr) there = rendered(full(), "{\"container\": \"aiff\"}", NULL);
    g_auto(bench_ptr) back =
        rendered(dup(bench_fd(there, 0)), WAV, "[{\"trim\": {\"from\": \"0.5s\"}}]");
    g_autoptr(GBytes) cue = wave_find(bench_fd(back, 0), "cue ", NULL);
    g_autoptr(GBytes) labels = wave_find(bench_fd(back, 0), "LISTadtl", NULL);
    g_assert_cmpuint(wave_number(cue, 0, 4), ==, 2);
    g_assert_cmpuint(wave_number(cue, 4, 4), ==, 2);
    g_assert_cmpuint(wave_number(cue, 24, 4), ==, 12000);
    g_assert_cmpuint(wave_number(cue, 48, 4), ==, 67200);
    static const char kept[] = "adtllabl\x09\0\0\0\2\0\0\0here\0\0";
    g_assert_cmpmem(g_bytes_get_data(labels, NULL), MIN(g_bytes_get_size(labels), sizeof kept - 1),
                    kept, sizeof kept - 1);
}

/* More than an SF_CUES of libsndfile has room for, there and back. */
static void many_markers_are_all_kept(void)
{
    enum { MANY = 150 };
    g_autofree guint8 *cue = g_malloc0(4 + MANY * 24);
    struct wave *wave = wave_begin(RATE, 1);
    put32(cue, MANY);
    for (guint32 i = 0; i < MANY; i++) {
        put32(cue + 4 + 24 * i, i + 1);
        memcpy(cue + 12 + 24 * i, "data", 4);
        put32(cue + 24 + 24 * i, 100 * i);
    }
    wave_chunk(wave, "cue ", cue, 4 + MANY * 24);
    wave_samples(wave, 2 * RATE);
    g_auto(bench_ptr) there = rendered(wave_end(wave), "{\"container\": \"aiff\"}", NULL);
    g_assert_false(bench_noted(there, 0, "cue points"));
    g_auto(bench_ptr) back = rendered(dup(bench_fd(there, 0)), WAV, NULL);
    g_autoptr(GBytes) found = wave_find(bench_fd(back, 0), "cue ", NULL);
    g_assert_cmpuint(wave_number(found, 0, 4), ==, MANY);
    g_assert_cmpuint(wave_number(found, 24 * MANY, 4), ==, 100 * (MANY - 1));
}

static void a_part_loses_what_is_about_the_whole_and_says_so(void)
{
    g_auto(bench_ptr) bench = rendered(full(), WAV, "[{\"trim\": {\"from\": \"0.5s\"}}]");
    static const char *const gone[] = {"axml", "_PMX", "xyz1", "chna", "LGWV"};
    for (unsigned i = 0; i < G_N_ELEMENTS(gone); i++) {
        g_autoptr(GBytes) chunk = wave_find(bench_fd(bench, 0), gone[i], NULL);
        g_autofree char *note = g_strdup_printf("dropped: the %s chunk", gone[i]);
        g_assert_null(chunk);
        g_assert_true(bench_noted(bench, 0, note));
    }
    assert_same(bench->fds[0], bench_fd(bench, 0), "id3 ");
}

static void other_texts_stay_when_one_changes(void)
{
    static const char info[] = "INFOINAM\x06\0\0\0Title\0ISFT\x05\0\0\0Tool\0\0"
                               "IENG\x04\0\0\0Ann\0IENG\x04\0\0\0Bob\0IARTA\0\0\0";
    struct wave *wave = wave_begin(RATE, 1);
    wave_chunk(wave, "LIST", info, sizeof info - 1);
    wave_chunk(wave, "id3 ", "ID3", 3);
    wave_samples(wave, RATE);
    g_auto(bench_ptr) bench = bench_create(wave_end(wave));
    bench_output(bench, WAV, NULL);
    bench_output(bench, WAV, "[{\"metadata\": {\"title\": \"Other\"}}]");
    bench_render(bench);
    assert_same(bench->fds[0], bench_fd(bench, 0), "LIST");
    static const char edited[] = "INFOISFT\x05\0\0\0Tool\0\0IENG\x04\0\0\0Ann\0"
                                 "IENG\x04\0\0\0Bob\0INAM\x06\0\0\0Other\0";
    g_autoptr(GBytes) list = wave_find(bench_fd(bench, 1), "LIST", NULL);
    g_assert_cmpmem(g_bytes_get_data(list, NULL), g_bytes_get_size(list), edited,
                    sizeof edited - 1);
    g_assert_true(bench_noted(bench, 1, "dropped: the id3 chunk: its words are the source's"));
}

/* IENG is the engineer (Multimedia Programming Interface 1.0, 2-15). */
static void texts_without_a_name_of_ours_are_told_or_kept(void)
{
    static const char info[] = "INFOIENG\x04\0\0\0Ann\0ISFT\x05\0\0\0Tool\0\0";
    struct wave *wave = wave_begin(RATE, 1);
    wave_chunk(wave, "LIST", info, sizeof info - 1);
    wave_samples(wave, RATE);
    g_auto(bench_ptr) bench = bench_create(wave_end(wave));
    bench_output(bench, "{\"container\": \"aiff\", \"audio\": {\"codec\": \"pcm_s24be\"}}", NULL);
    bench_output(bench, WAV, "[{\"metadata\": {\"tags\": {\"IENG\": \"Cleo\"}}}]");
    bench_render(bench);
    g_assert_true(bench_noted(bench, 0, "dropped: tags (IENG): a aiff file has no place for them"));
    static const char edited[] = "INFOISFT\x05\0\0\0Tool\0\0IENG\x05\0\0\0Cleo\0\0";
    g_autoptr(GBytes) list = wave_find(bench_fd(bench, 1), "LIST", NULL);
    g_assert_cmpmem(g_bytes_get_data(list, NULL), g_bytes_get_size(list), edited,
                    sizeof edited - 1);
}

/* They are held until the samples are written, and a file may have any number. */
static void labels_beyond_64_mib_are_not_held(void)
{
    enum { SIZE = 33 << 20 };
    g_autofree char *labels = g_malloc0(SIZE);
    memcpy(labels, "adtl", 4);
    struct wave *wave = wave_begin(RATE, 1);
    wave_samples(wave, 2 * RATE);
    wave_chunk(wave, "LIST", labels, SIZE);
    wave_chunk(wave, "LIST", labels, SIZE);
    g_auto(bench_ptr) bench = rendered(wave_end(wave), WAV, "[{\"trim\": {\"from\": \"0.5s\"}}]");
    g_assert_true(bench_noted(bench, 0, "dropped: the LIST chunk: with what is before it"));
}

static int large(const char *head, int frames)
{
    g_autoptr(GByteArray) bext = wave_bext(172800000, "");
    static const char info[] = "INFOINAM\x06\0\0\0Title\0";
    guint8 ds64[28] = {0};
    struct wave *wave = wave_begin(RATE, 1);
    put32(ds64 + 8, (guint32)frames * 3);
    put32(ds64 + 16, (guint32)frames);
    wave_chunk(wave, "ds64", ds64, sizeof ds64);
    wave_chunk(wave, "axml", "odd", 3);
    wave_chunk(wave, "bext", bext->data, bext->len);
    wave_chunk(wave, "LIST", info, sizeof info - 1);
    wave_samples(wave, frames);
    int fd = wave_end(wave);
    static const char unknown[4] = "\xff\xff\xff\xff";
    goffset data = wave_place(fd, "data");
    g_assert_cmpint(pwrite(fd, head, 4, 0) + pwrite(fd, unknown, 4, 4), ==, 8);
    g_assert_cmpint(pwrite(fd, unknown, 4, data + 4), ==, 4);
    return fd;
}

/* What libsndfile 1.2 can't read: BW64, and an RF64 with an odd chunk before the samples. */
static void large_files_of_others_keep_what_they_have(void)
{
    static const char *const heads[] = {"RF64", "BW64"};
    for (unsigned i = 0; i < G_N_ELEMENTS(heads); i++) {
        int first, last;
        g_auto(bench_ptr) bench =
            rendered(large(heads[i], 2 * RATE), WAV, "[{\"metadata\": {\"artist\": \"A\"}}]");
        wave_ends(bench_fd(bench, 0), 1, &first, &last);
        g_assert_cmpint(first, ==, 0);
        g_assert_cmpint(last, ==, 2 * RATE - 1);
        assert_same(bench->fds[0], bench_fd(bench, 0), "axml");
        g_autoptr(GBytes) bext = wave_find(bench_fd(bench, 0), "bext", NULL);
        g_autoptr(GBytes) list = wave_find(bench_fd(bench, 0), "LIST", NULL);
        static const char info[] = "INFOINAM\x06\0\0\0Title\0IART\2\0\0\0A\0"
                                   "ICRD\x14\0\0\0"
                                   "2026-11-20T21:15:00\0";
        g_assert_cmpuint(wave_number(bext, BEXT_TIME_REFERENCE, 8), ==, 172800000);
        g_assert_cmpmem(g_bytes_get_data(list, NULL), g_bytes_get_size(list), info,
                        sizeof info - 1);
    }
}

/* Chunks that say anything: the sound is still rendered, or the file is damaged. */
static void chunks_may_say_anything(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3285);
    int whole = full();
    goffset data, size = lseek(whole, 0, SEEK_END);
    g_autoptr(GBytes) samples = wave_find(whole, "data", &data);
    goffset behind = data + 8 + (goffset)g_bytes_get_size(samples);
    for (unsigned round = 0; round < 60; round++) {
        int fd = sound_cut_at(whole, 1);
        for (unsigned i = 0; i < 20; i++) {
            bool before = g_rand_boolean(rand);
            goffset at = before ? g_rand_int_range(rand, 36, (gint32)data)
                                : g_rand_int_range(rand, (gint32)behind, (gint32)size);
            guint8 byte = (guint8)g_rand_int_range(rand, 0, 256);
            g_assert_cmpint(pwrite(fd, &byte, 1, at), ==, 1);
        }
        g_auto(bench_ptr) bench = bench_create(fd);
        bench->task->source->duration_s = 2;
        bench_output(bench, WAV, "[{\"trim\": {\"from\": \"1.5s\"}}]");
        bench_output(bench, "{\"container\": \"aiff\"}", NULL);
        bench_render(bench);
        enum failure_class class = bench_result(bench, 0)->failure.class;
        g_assert_true(class == FAIL_NONE || class == FAIL_INPUT_DAMAGED);
    }
    close(whole);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chunks/A21 of the whole are the same to the byte",
                    chunks_of_the_whole_are_the_same_to_the_byte);
    g_test_add_func("/chunks/sizes add up", sizes_add_up);
    g_test_add_func("/chunks/A21 iXML of a part has its times", ixml_of_a_part_has_its_times);
    g_test_add_func("/chunks/a clock of iXML alone is kept", a_clock_of_ixml_alone_is_kept);
    g_test_add_func("/chunks/clocks of two rates may agree", clocks_of_two_rates_may_agree);
    g_test_add_func("/chunks/silence before it moves what is counted",
                    silence_before_it_moves_what_is_counted);
    g_test_add_func("/chunks/iXML at another rate counts at it", ixml_at_another_rate_counts_at_it);
    g_test_add_func("/chunks/track names go with their channels",
                    track_names_go_with_their_channels);
    g_test_add_func("/chunks/two clocks that disagree are told", two_clocks_that_disagree_are_told);
    g_test_add_func("/chunks/what only calls itself iXML stays with the whole",
                    what_only_calls_itself_ixml_stays_with_the_whole);
    g_test_add_func("/chunks/A21 cue points move with cuts", cue_points_move_with_cuts);
    g_test_add_func("/chunks/at another speed no time of the source is left",
                    at_another_speed_no_time_of_the_source_is_left);
    g_test_add_func("/chunks/cue points reach AIFF", cue_points_reach_aiff);
    g_test_add_func("/chunks/markers of AIFF become cue points", markers_of_aiff_become_cue_points);
    g_test_add_func("/chunks/many markers are all kept", many_markers_are_all_kept);
    g_test_add_func("/chunks/a part loses what is about the whole and says so",
                    a_part_loses_what_is_about_the_whole_and_says_so);
    g_test_add_func("/chunks/other texts stay when one changes", other_texts_stay_when_one_changes);
    g_test_add_func("/chunks/texts without a name of ours are told or kept",
                    texts_without_a_name_of_ours_are_told_or_kept);
    g_test_add_func("/chunks/labels beyond 64 MiB are not held", labels_beyond_64_mib_are_not_held);
    g_test_add_func("/chunks/large files of others keep what they have",
                    large_files_of_others_keep_what_they_have);
    g_test_add_func("/chunks/may say anything", chunks_may_say_anything);
    return g_test_run();
}
