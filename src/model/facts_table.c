/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of facts, in the order they are shown. */
#include "model/facts.h"

#include <glib.h>
#include <string.h>

/* Which kinds a fact is of, and whether it is of their sound. */
#define ANY KIND_ANY, false
#define MOVING KIND_VIDEO, false
#define STILL KIND_IMAGE, false
#define PICTURE KIND_VIDEO | KIND_IMAGE, false
#define TIMED KIND_VIDEO | KIND_AUDIO, false
#define SOUND KIND_VIDEO | KIND_AUDIO, true

#define FIELD(f, T) (offsetof(struct facts, f) + 0 * sizeof(&((struct facts *)0)->f == (T *)0))
#define TEXT(f) FACT_TEXT, FIELD(f, char *)
#define INT(f) FACT_INT, FIELD(f, int)
#define COUNT(f) FACT_COUNT, FIELD(f, int)
#define INT64(f) FACT_INT64, FIELD(f, int64_t)
#define NUMBER(f) FACT_NUMBER, FIELD(f, double)
#define BOOL(f) FACT_BOOL, FIELD(f, bool)
#define RATIO(f) FACT_RATIONAL, FIELD(f, struct rational)
#define SPANS(f) FACT_SPANS, FIELD(f, GArray *)

/* clang-format off */
const struct fact fact_table[] = {
    {"kind", NULL, "", FACT_KIND, FIELD(kind, enum kind), false, ANY, 0, "video, audio or image"},
    {"container", NULL, "", TEXT(container), false, ANY, 0, "the file's format: mov, wav, jpeg"},
    {"duration", "duration_s", "s", NUMBER(duration_s), false, TIMED, 0.05, "length of the programme"},
    {"size_bytes", "size", "B", INT64(size_bytes), false, ANY, 0, "size of the file"},
    {"hash", NULL, "", TEXT(hash), false, ANY, 0, "XXH3-128 of the content"},
    {"bit_rate", "bitrate", "bit/s", NUMBER(bit_rate), false, TIMED, 0, "of the whole file"},

    {"width", NULL, "", INT(width), false, PICTURE, 0, "pixels, as displayed"},
    {"height", NULL, "", INT(height), false, PICTURE, 0, "pixels, as displayed"},
    {"fps", NULL, "", RATIO(fps), false, MOVING, 0.001, "frames a second"},
    {"frames", NULL, "", INT64(frames), false, MOVING, 0, "number of frames"},
    {"codec", NULL, "", TEXT(codec), false, ANY, 0, "of the picture; of the sound in a sound file"},
    {"profile", NULL, "", TEXT(profile), false, PICTURE, 0, "profile of the codec"},
    {"level", NULL, "", TEXT(level), false, MOVING, 0, "level of the codec: 4.1"},
    {"pix_fmt", NULL, "", TEXT(pix_fmt), false, PICTURE, 0, "pixel format"},
    {"bit_depth", NULL, "", INT(bit_depth), false, PICTURE, 0, "bits of a colour component"},
    {"alpha", NULL, "", BOOL(alpha), false, PICTURE, 0, "has transparency"},
    {"progressive", NULL, "", BOOL(progressive), false, STILL, 0, "progressive JPEG or interlaced PNG"},
    {"hdr", NULL, "", BOOL(hdr), false, PICTURE, 0, "has a high dynamic range (PQ or HLG)"},
    {"hdr_format", NULL, "", TEXT(hdr_format), false, PICTURE, 0, "hdr10, hlg, dolby-vision"},
    {"first_frame", NULL, "", TEXT(first_frame), false, MOVING, 0, "number of a sequence's first picture"},
    {"vfr", NULL, "", BOOL(vfr), false, MOVING, 0, "has a variable frame rate"},
    {"interlaced", NULL, "", BOOL(interlaced), false, MOVING, 0, "is made of fields"},
    {"field_order", NULL, "", TEXT(field_order), false, MOVING, 0, "tt, bb, tb, bt or progressive"},
    {"sar", NULL, "", RATIO(sar), false, PICTURE, 0.001, "shape of a pixel, width to height"},
    {"rotation", NULL, "deg", COUNT(rotation), false, PICTURE, 0, "clockwise turn for display, already counted in width and height"},
    {"flipped", NULL, "", BOOL(flipped), false, PICTURE, 0, "is mirrored for display"},
    {"color_range", NULL, "", TEXT(color_range), false, PICTURE, 0, "tv or pc"},
    {"color_matrix", NULL, "", TEXT(color_matrix), false, PICTURE, 0, "bt709, bt2020nc …"},
    {"color_primaries", NULL, "", TEXT(color_primaries), false, PICTURE, 0, "bt709, bt2020 …"},
    {"color_transfer", NULL, "", TEXT(color_transfer), false, PICTURE, 0, "bt709, smpte2084, arib-std-b67 …"},
    {"chroma_location", NULL, "", TEXT(chroma_location), false, MOVING, 0, "left, center, topleft …"},
    {"bands", NULL, "", INT(bands), false, STILL, 0, "components of a pixel"},
    {"pages", NULL, "", INT(pages), false, STILL, 0, "pages or frames of a still"},
    {"orientation", NULL, "", COUNT(orientation), false, STILL, 0, "EXIF orientation, 0 none"},
    {"icc", NULL, "", TEXT(icc), false, STILL, 0, "description of the ICC profile"},

    {"audio_codec", NULL, "", TEXT(audio_codec), false, SOUND, 0, "of the first sound track"},
    {"channels", NULL, "", INT(channels), false, SOUND, 0, "of the first sound track"},
    {"channel_layout", NULL, "", TEXT(channel_layout), false, SOUND, 0, "mono, stereo, 5.1 …"},
    {"sample_rate", NULL, "Hz", INT(sample_rate), false, SOUND, 0, "of the first sound track"},
    {"sample_format", NULL, "", TEXT(sample_format), false, SOUND, 0, "s16, s32, flt …"},
    {"audio_bit_depth", NULL, "", INT(audio_bit_depth), false, SOUND, 0, "bits of a sample"},
    {"samples", NULL, "", INT64(samples), false, SOUND, 0, "samples of a channel"},

    {"timecode", NULL, "", TEXT(timecode), false, TIMED, 0, "of the first frame"},
    {"reel", NULL, "", TEXT(reel), false, ANY, 0, "reel or tape name"},
    {"date", NULL, "", TEXT(date), false, ANY, 0, "when it was taken"},
    {"title", NULL, "", TEXT(title), false, ANY, 0, "title"},
    {"camera", NULL, "", TEXT(camera), false, ANY, 0, "maker and model"},
    {"location", NULL, "", TEXT(location), false, ANY, 0, "where it was taken, ISO 6709: +48.2082+016.3738/"},
    {"captions", NULL, "", TEXT(captions), false, MOVING, 0, "closed captions within the picture: cea-608, cea-708"},
    {"audio_tracks", NULL, "", COUNT(audio_tracks), false, TIMED, 0, "number of sound tracks"},
    {"subtitle_tracks", NULL, "", COUNT(subtitle_tracks), false, TIMED, 0, "number of subtitle tracks"},
    {"chapters", NULL, "", COUNT(chapters), false, TIMED, 0, "number of chapters"},

    {"edit_lists", NULL, "", COUNT(edit_lists), false, MOVING, 0, "tracks of a MOV or MP4 that have an edit list"},
    {"fragments", NULL, "", COUNT(fragments), false, MOVING, 0, "fragments of a MOV or MP4"},
    {"faststart", NULL, "", BOOL(faststart), false, MOVING, 0, "the index of a MOV or MP4 comes before its media"},

    {"decoded_frames", NULL, "", INT64(decoded_frames), true, PICTURE, 0, "frames that decoding gave"},
    {"decoded_samples", NULL, "", INT64(decoded_samples), true, SOUND, 0, "samples of a channel that decoding gave"},
    {"gop", NULL, "", INT(gop), true, MOVING, 0, "pictures from one key picture to the next, at most"},
    {"closed_gop", NULL, "", BOOL(closed_gop), true, MOVING, 0, "no picture that is shown before a key picture needs it"},
    {"b_frames", NULL, "", INT(b_frames), true, MOVING, 0, "B pictures in a row, at most"},
    {"decoded_fields", NULL, "", TEXT(decoded_fields), true, MOVING, 0, "what the pictures themselves say: progressive, top, bottom (the field that is first), or mixed"},
    {"decode_errors", NULL, "", INT64(decode_errors), true, ANY, 0, "errors while decoding"},
    {"decoded_video_s", NULL, "s", NUMBER(decoded_video_s), true, MOVING, 0.05, "length of the decoded picture"},
    {"decoded_audio_s", NULL, "s", NUMBER(decoded_audio_s), true, SOUND, 0.05, "length of the decoded sound"},
    /* EBU R 128: a programme is at its target within 0.5 LU. */
    {"integrated_lufs", "loudness", "LUFS", NUMBER(integrated_lufs), true, SOUND, 0.5, "programme loudness (ITU-R BS.1770-4)"},
    {"lra_lu", "lra", "LU", NUMBER(lra_lu), true, SOUND, 0.5, "loudness range (EBU Tech 3342)"},
    {"lra_stable", NULL, "", BOOL(lra_stable), true, SOUND, 0, "the loudness range is of a minute at least"},
    {"true_peak_dbtp", "true_peak", "dBTP", NUMBER(true_peak_dbtp), true, SOUND, 0.1, "highest true peak"},
    {"sample_peak_dbfs", "sample_peak", "dBFS", NUMBER(sample_peak_dbfs), true, SOUND, 0.1, "highest sample"},
    {"max_momentary_lufs", "max_momentary", "LUFS", NUMBER(max_momentary_lufs), true, SOUND, 0.5, "loudest 400 ms"},
    {"max_short_term_lufs", "max_short_term", "LUFS", NUMBER(max_short_term_lufs), true, SOUND, 0.5, "loudest 3 s"},
    {"rms_dbfs", "rms", "dBFS", NUMBER(rms_dbfs), true, SOUND, 0.5, "RMS of the channel that has most; a full-scale sine is -3.01"},
    {"noise_floor_dbfs", "noise_floor", "dBFS", NUMBER(noise_floor_dbfs), true, SOUND, 0.5, "RMS of the quietest 500 ms that isn't digital silence"},
    {"black", NULL, "s", SPANS(black), true, MOVING, 0, "spans of black picture"},
    {"freeze", NULL, "s", SPANS(freeze), true, MOVING, 0, "spans of frozen picture"},
    {"silence", NULL, "s", SPANS(silence), true, SOUND, 0, "spans of silence"},

    {"psnr_db", "psnr", "dB", NUMBER(alike.psnr_db), true, PICTURE, 0.1, "PSNR of luma, of R, G and B together, or of grey, to the reference: the mean of its frames; 120 is no difference"},
    {"psnr_u_db", "psnr_u", "dB", NUMBER(alike.psnr_u_db), true, PICTURE, 0.1, "of Cb"},
    {"psnr_v_db", "psnr_v", "dB", NUMBER(alike.psnr_v_db), true, PICTURE, 0.1, "of Cr"},
    {"psnr_low_db", "psnr_low", "dB", NUMBER(alike.psnr_low_db), true, MOVING, 0.1, "that one frame in 100 is below (1st percentile)"},
    {"psnr_worst_db", "worst_psnr", "dB", NUMBER(alike.psnr_worst_db), true, MOVING, 0.1, "of the frame that has least"},
    {"ssim", NULL, "", NUMBER(alike.ssim), true, PICTURE, 0.001, "SSIM of luma to the reference (Wang 2004): the mean of its frames; 1 is no difference"},
    {"ssim_u", NULL, "", NUMBER(alike.ssim_u), true, PICTURE, 0.001, "of Cb"},
    {"ssim_v", NULL, "", NUMBER(alike.ssim_v), true, PICTURE, 0.001, "of Cr"},
    {"ssim_low", NULL, "", NUMBER(alike.ssim_low), true, MOVING, 0.001, "that one frame in 100 is below (1st percentile)"},
    {"ssim_worst", "worst_ssim", "", NUMBER(alike.ssim_worst), true, MOVING, 0.001, "of the frame that has least"},
    {"ms_ssim", NULL, "", NUMBER(alike.ms_ssim), true, PICTURE, 0.001, "MS-SSIM of luma to the reference (Wang 2003), of 176 by 176 pixels at least: the mean of its frames"},
    {"ms_ssim_low", NULL, "", NUMBER(alike.ms_ssim_low), true, MOVING, 0.001, "that one frame in 100 is below (1st percentile)"},
    {"ms_ssim_worst", "worst_ms_ssim", "", NUMBER(alike.ms_ssim_worst), true, MOVING, 0.001, "of the frame that has least"},
    {"worst_frame", NULL, "", INT64(alike.worst_frame), true, MOVING, 0, "number of the frame with the least SSIM, from 0"},
    {"worst_timecode", NULL, "", TEXT(alike.worst_timecode), true, MOVING, 0, "its timecode, or its time"},
    {"frame_hashes", NULL, "", TEXT(alike.frame_hashes), true, PICTURE, 0, "equal: every decoded sample of the picture is the reference's; else different"},
    {"different_frame", NULL, "", INT64(alike.different_frame), true, MOVING, 0, "number of the first frame that isn't equal, from 0; -1: none"},
    {"max_difference", NULL, "", NUMBER(alike.max_difference), true, PICTURE, 0, "largest difference of a sample to the reference, in steps of its bit depth"},
    {"changed_share", "changed", "%", NUMBER(alike.changed_share), true, PICTURE, 0, "share of the pixels that differ from the reference"},
    {"null_rms_dbfs", "null_rms", "dBFS", NUMBER(alike.null_rms_dbfs), true, SOUND, 0.5, "RMS of the sound minus the reference's (a null test); -200 is no difference"},
    {"audio_offset_s", "audio_offset", "s", NUMBER(alike.audio_offset_s), true, SOUND, 0.02, "how much later the sound is than the reference's, by their envelopes"},
};
/* clang-format on */
const unsigned fact_count = G_N_ELEMENTS(fact_table);

const struct fact *fact_find(const char *name)
{
    for (unsigned i = 0; name && i < fact_count; i++) {
        const struct fact *fact = &fact_table[i];
        if (!strcmp(fact->name, name) || !g_strcmp0(fact->alias, name))
            return fact;
    }
    return NULL;
}
