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
#define TEXT(f) FACT_TEXT, FIELD(f, char *), 0
#define INT(f) FACT_INT, FIELD(f, int), 0
#define COUNT(f) FACT_COUNT, FIELD(f, int), 0
#define INT64(f) FACT_INT64, FIELD(f, int64_t), 0
#define NUMBER(f) FACT_NUMBER, FIELD(f, double), 0
#define BOOL(f) FACT_BOOL, FIELD(f, bool), 0
#define RATIO(f) FACT_RATIONAL, FIELD(f, struct rational), 0
#define LIST(f) FACT_LIST, FIELD(f, char *), 0
/* And the shortest that is told. */
#define SPANS(f, least_s) FACT_SPANS, FIELD(f, GArray *), least_s

/* clang-format off */
const struct fact fact_table[] = {
    {"kind", NULL, "", FACT_KIND, FIELD(kind, enum kind), 0, FACT_PROBED, ANY, 0, "video, audio or image"},
    {"container", NULL, "", TEXT(container), FACT_PROBED, ANY, 0, "the file's format: mov, wav, jpeg"},
    {"duration", "duration_s", "s", NUMBER(duration_s), FACT_PROBED, TIMED, 0.05, "length of the programme"},
    {"size_bytes", "size", "B", INT64(size_bytes), FACT_PROBED, ANY, 0, "size of the file"},
    {"hash", NULL, "", TEXT(hash), FACT_PROBED, ANY, 0, "XXH3-128 of the content"},
    {"bit_rate", "bitrate", "bit/s", NUMBER(bit_rate), FACT_PROBED, TIMED, 0, "of the whole file"},

    {"width", NULL, "", INT(width), FACT_PROBED, PICTURE, 0, "pixels, as displayed"},
    {"height", NULL, "", INT(height), FACT_PROBED, PICTURE, 0, "pixels, as displayed"},
    {"fps", NULL, "", RATIO(fps), FACT_PROBED, MOVING, 0.001, "frames a second"},
    {"frames", NULL, "", INT64(frames), FACT_PROBED, MOVING, 0, "number of frames"},
    {"codec", NULL, "", TEXT(codec), FACT_PROBED, ANY, 0, "of the picture; of the sound in a sound file"},
    {"profile", NULL, "", TEXT(profile), FACT_PROBED, PICTURE, 0, "profile of the codec"},
    {"level", NULL, "", TEXT(level), FACT_PROBED, MOVING, 0, "level of the codec: 4.1"},
    {"pix_fmt", NULL, "", TEXT(pix_fmt), FACT_PROBED, PICTURE, 0, "pixel format"},
    {"bit_depth", NULL, "", INT(bit_depth), FACT_PROBED, PICTURE, 0, "bits of a colour component"},
    {"alpha", NULL, "", BOOL(alpha), FACT_PROBED, PICTURE, 0, "has transparency"},
    {"progressive", NULL, "", BOOL(progressive), FACT_PROBED, STILL, 0, "progressive JPEG or interlaced PNG"},
    {"hdr", NULL, "", BOOL(hdr), FACT_PROBED, PICTURE, 0, "has a high dynamic range (PQ or HLG)"},
    {"hdr_format", NULL, "", TEXT(hdr_format), FACT_PROBED, PICTURE, 0, "hdr10, hlg, dolby-vision"},
    {"max_cll_nit", "max_cll", "nit", NUMBER(max_cll_nit), FACT_PROBED, MOVING, 0, "brightest pixel, as the metadata has it (MaxCLL)"},
    {"max_fall_nit", "max_fall", "nit", NUMBER(max_fall_nit), FACT_PROBED, MOVING, 0, "brightest frame on average (MaxFALL)"},
    {"mastering_display", NULL, "", TEXT(mastering_display), FACT_PROBED, MOVING, 0, "the display it was graded on (SMPTE ST 2086): G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"},
    {"first_frame", NULL, "", TEXT(first_frame), FACT_PROBED, MOVING, 0, "number of a sequence's first picture"},
    {"vfr", NULL, "", BOOL(vfr), FACT_PROBED, MOVING, 0, "has a variable frame rate"},
    {"interlaced", NULL, "", BOOL(interlaced), FACT_PROBED, MOVING, 0, "is made of fields"},
    {"field_order", NULL, "", TEXT(field_order), FACT_PROBED, MOVING, 0, "tt, bb, tb, bt or progressive"},
    {"sar", NULL, "", RATIO(sar), FACT_PROBED, PICTURE, 0.001, "shape of a pixel, width to height"},
    {"rotation", NULL, "deg", COUNT(rotation), FACT_PROBED, PICTURE, 0, "clockwise turn for display, already counted in width and height"},
    {"flipped", NULL, "", BOOL(flipped), FACT_PROBED, PICTURE, 0, "is mirrored for display"},
    {"color_range", NULL, "", TEXT(color_range), FACT_PROBED, PICTURE, 0, "tv or pc"},
    {"color_matrix", NULL, "", TEXT(color_matrix), FACT_PROBED, PICTURE, 0, "bt709, bt2020nc …"},
    {"color_primaries", NULL, "", TEXT(color_primaries), FACT_PROBED, PICTURE, 0, "bt709, bt2020 …"},
    {"color_transfer", NULL, "", TEXT(color_transfer), FACT_PROBED, PICTURE, 0, "bt709, smpte2084, arib-std-b67 …"},
    {"chroma_location", NULL, "", TEXT(chroma_location), FACT_PROBED, MOVING, 0, "left, center, topleft …"},
    {"container_colors", NULL, "", TEXT(container_colors), FACT_PROBED, MOVING, 0, "primaries, transfer and matrix as the container has them, whatever the pictures say, by ITU-T H.273: 1-1-1"},
    {"bands", NULL, "", INT(bands), FACT_PROBED, STILL, 0, "components of a pixel"},
    {"pages", NULL, "", INT(pages), FACT_PROBED, STILL, 0, "pages or frames of a still"},
    {"orientation", NULL, "", COUNT(orientation), FACT_PROBED, STILL, 0, "EXIF orientation, 0 none"},
    {"icc", NULL, "", TEXT(icc), FACT_PROBED, STILL, 0, "description of the ICC profile"},
    {"icc_space", NULL, "", TEXT(icc_space), FACT_PROBED, STILL, 0, "what the profile's primaries and curve are: srgb, linear-rec709 …"},

    {"audio_codec", NULL, "", TEXT(audio_codec), FACT_PROBED, SOUND, 0, "of the first sound track"},
    {"channels", NULL, "", INT(channels), FACT_PROBED, SOUND, 0, "of the first sound track"},
    {"channel_layout", NULL, "", TEXT(channel_layout), FACT_PROBED, SOUND, 0, "mono, stereo, 5.1 …"},
    {"sample_rate", NULL, "Hz", INT(sample_rate), FACT_PROBED, SOUND, 0, "of the first sound track"},
    {"sample_format", NULL, "", TEXT(sample_format), FACT_PROBED, SOUND, 0, "s16, s32, flt …"},
    {"audio_bit_depth", NULL, "", INT(audio_bit_depth), FACT_PROBED, SOUND, 0, "bits of a sample"},
    {"samples", NULL, "", INT64(samples), FACT_PROBED, SOUND, 0, "samples of a channel"},

    {"timecode", NULL, "", TEXT(timecode), FACT_PROBED, TIMED, 0, "of the first frame"},
    {"reel", NULL, "", TEXT(reel), FACT_PROBED, ANY, 0, "reel or tape name"},
    {"date", NULL, "", TEXT(date), FACT_PROBED, ANY, 0, "when it was taken"},
    {"title", NULL, "", TEXT(title), FACT_PROBED, ANY, 0, "title"},
    {"camera", NULL, "", TEXT(camera), FACT_PROBED, ANY, 0, "maker and model"},
    {"location", NULL, "", TEXT(location), FACT_PROBED, ANY, 0, "where it was taken, ISO 6709: +48.2082+016.3738/"},
    {"gps", NULL, "", BOOL(gps), FACT_PROBED, STILL, 0, "its EXIF or XMP say where it was taken"},
    {"captions", NULL, "", TEXT(captions), FACT_PROBED, MOVING, 0, "closed captions: cea-608, cea-708 within the picture, cea-608 track"},
    {"audio_tracks", NULL, "", COUNT(audio_tracks), FACT_PROBED, TIMED, 0, "number of sound tracks"},
    {"subtitle_tracks", NULL, "", COUNT(subtitle_tracks), FACT_PROBED, TIMED, 0, "number of subtitle tracks"},
    {"languages", NULL, "", LIST(languages), FACT_PROBED, TIMED, 0, "of the sound tracks, in their order; und where a track has none"},
    {"subtitle_languages", NULL, "", LIST(subtitle_languages), FACT_PROBED, TIMED, 0, "of the subtitle tracks, in their order"},
    {"chapters", NULL, "", COUNT(chapters), FACT_PROBED, TIMED, 0, "number of chapters"},

    {"edit_lists", NULL, "", COUNT(edit_lists), FACT_PROBED, MOVING, 0, "tracks of a MOV or MP4 that have an edit list"},
    {"fragments", NULL, "", COUNT(fragments), FACT_PROBED, MOVING, 0, "fragments of a MOV or MP4"},
    {"faststart", NULL, "", BOOL(faststart), FACT_PROBED, MOVING, 0, "the index of a MOV or MP4 comes before its media"},

    {"restarts", NULL, "", COUNT(restarts), FACT_PROBED, TIMED, 0, "how often the times of a transport stream begin anew or leap, as where one is put behind another"},
    {"first_restart_s", "first_restart", "s", NUMBER(first_restart_s), FACT_PROBED, TIMED, 0.05, "where they first do"},
    {"unjoined", NULL, "", TEXT(unjoined), FACT_PROBED, TIMED, 0, "what of such parts can't be joined, and where"},
    {"left_out", NULL, "", TEXT(left_out), FACT_PROBED, TIMED, 0, "what of such parts is so short that it is left out, and where"},

    {"decoded_frames", NULL, "", INT64(decoded_frames), FACT_DECODED, PICTURE, 0, "frames that decoding gave"},
    {"decoded_samples", NULL, "", INT64(decoded_samples), FACT_DECODED, SOUND, 0, "samples of a channel that decoding gave"},
    {"gop", NULL, "", INT(gop), FACT_DECODED, MOVING, 0, "pictures from one key picture to the next, at most"},
    {"closed_gop", NULL, "", BOOL(closed_gop), FACT_DECODED, MOVING, 0, "every picture decoded after a key picture is shown after it, by their times, or where there are none their places in the file"},
    {"b_frames", NULL, "", INT(b_frames), FACT_DECODED, MOVING, 0, "B pictures in a row, at most"},
    {"decoded_fields", NULL, "", TEXT(decoded_fields), FACT_DECODED, MOVING, 0, "what the pictures themselves say: progressive, top, bottom (the field that is first), or mixed"},
    {"decode_errors", NULL, "", INT64(decode_errors), FACT_DECODED, ANY, 0, "errors while decoding"},
    {"decoded_video_s", NULL, "s", NUMBER(decoded_video_s), FACT_DECODED, MOVING, 0.05, "length of the decoded picture"},
    {"decoded_audio_s", NULL, "s", NUMBER(decoded_audio_s), FACT_DECODED, SOUND, 0.05, "length of the decoded sound"},
    {"audio_start_s", "audio_start", "s", NUMBER(audio_start_s), FACT_DECODED, KIND_VIDEO, true, 0.05, "how much later than the picture the sound begins; negative is earlier"},
    {"audio_end_s", "audio_end", "s", NUMBER(audio_end_s), FACT_DECODED, KIND_VIDEO, true, 0.05, "how much later than the picture the sound ends; negative is earlier"},
    {"gaps", NULL, "s", SPANS(gaps, 0), FACT_DECODED, MOVING, 0, "where no picture is shown for more than a frame (at a variable rate for 2 s that the file doesn't declare), or times go back"},
    {"sound_gaps", NULL, "s", SPANS(sound_gaps, 0.04), FACT_DECODED, SOUND, 0, "where no sound is heard for more than 40 ms, or times go back"},
    {"tags_agree", NULL, "", BOOL(tags_agree), FACT_DECODED, MOVING, 0, "the pictures say nothing else of their colours than the container"},
    {"max_bit_rate", NULL, "bit/s", NUMBER(max_bit_rate), FACT_DECODED, MOVING, 0, "of the picture, the most in any second"},
    {"blank", NULL, "", BOOL(blank), FACT_DECODED, STILL, 0, "hardly anything to see: all of one colour within 1 %"},
    /* EBU R 128: a programme is at its target within 0.5 LU. */
    {"integrated_lufs", "loudness", "LUFS", NUMBER(integrated_lufs), FACT_METERED, SOUND, 0.5, "programme loudness of the first sound track (ITU-R BS.1770-4)"},
    {"lra_lu", "lra", "LU", NUMBER(lra_lu), FACT_METERED, SOUND, 0.5, "loudness range (EBU Tech 3342)"},
    {"lra_stable", NULL, "", BOOL(lra_stable), FACT_METERED, SOUND, 0, "the loudness range is of a minute at least"},
    {"true_peak_dbtp", "true_peak", "dBTP", NUMBER(true_peak_dbtp), FACT_METERED, SOUND, 0.1, "highest true peak of the first sound track"},
    {"sample_peak_dbfs", "sample_peak", "dBFS", NUMBER(sample_peak_dbfs), FACT_METERED, SOUND, 0.1, "highest sample"},
    {"max_momentary_lufs", "max_momentary", "LUFS", NUMBER(max_momentary_lufs), FACT_METERED, SOUND, 0.5, "loudest 400 ms"},
    {"max_short_term_lufs", "max_short_term", "LUFS", NUMBER(max_short_term_lufs), FACT_METERED, SOUND, 0.5, "loudest 3 s"},
    {"rms_dbfs", "rms", "dBFS", NUMBER(rms_dbfs), FACT_METERED, SOUND, 0.5, "RMS of the channel that has most; a full-scale sine is -3.01"},
    {"noise_floor_dbfs", "noise_floor", "dBFS", NUMBER(noise_floor_dbfs), FACT_METERED, SOUND, 0.5, "RMS of the quietest 500 ms that isn't digital silence"},
    {"black", NULL, "s", SPANS(black, 0), FACT_METERED, MOVING, 0, "spans of black picture, of one frame at least"},
    {"freeze", NULL, "s", SPANS(freeze, 0.5), FACT_METERED, MOVING, 0, "spans of frozen picture, of 0.5 s at least"},
    {"silence", NULL, "s", SPANS(silence, 0.1), FACT_METERED, SOUND, 1, "spans of silence, of 0.1 s at least; none expects none of more than 1 s"},
    {"black_head", NULL, "", INT(black_head), FACT_METERED, MOVING, 0, "black frames before the first that isn't"},
    {"black_tail", NULL, "", INT(black_tail), FACT_METERED, MOVING, 0, "black frames after the last that isn't"},
    {"bar_top", NULL, "px", INT(bar_top), FACT_METERED, MOVING, 0, "height of the black bar above the picture, as stored"},
    {"bar_bottom", NULL, "px", INT(bar_bottom), FACT_METERED, MOVING, 0, "height of the black bar below the picture, as stored"},
    {"bar_left", NULL, "px", INT(bar_left), FACT_METERED, MOVING, 0, "width of the black bar left of the picture, as stored"},
    {"bar_right", NULL, "px", INT(bar_right), FACT_METERED, MOVING, 0, "width of the black bar right of the picture, as stored"},
    {"repeated_frames", NULL, "", INT(repeated_frames), FACT_METERED, MOVING, 0, "frames like the one before within moving picture"},
    {"odd_frames", NULL, "s", SPANS(odd_frames, 0), FACT_METERED, MOVING, 0, "single frames unlike both neighbours, which are alike"},
    {"combed_percent", "combing", "%", NUMBER(combed_percent), FACT_METERED, MOVING, 0, "of the frames that are said to be progressive, how many are made of two moments"},
    {"misordered_percent", "misordered", "%", NUMBER(misordered_percent), FACT_METERED, MOVING, 0, "of the frames that are said to be interlaced and whose fields move, how many move in the other order than they are said to have"},
    {"blockiness", NULL, "", NUMBER(blockiness), FACT_METERED, MOVING, 0, "steps between blocks of 8x8 to those within, 1 is none: a trend, no limit"},
    {"out_of_range_percent", NULL, "%", NUMBER(out_of_range_percent), FACT_METERED, MOVING, 0, "of the worst frame, how much has a luma beyond 5-246 of 8 bits, 20-984 of 10 (EBU R 103)"},
    {"out_of_range", NULL, "s", SPANS(out_of_range, 0), FACT_METERED, MOVING, 0, "where that is more than 1 %"},
    {"out_of_gamut_percent", NULL, "%", NUMBER(out_of_gamut_percent), FACT_METERED, MOVING, 0, "of the worst frame, how much has red, green or blue beyond -5 to 105 % (EBU R 103)"},
    {"out_of_gamut", NULL, "s", SPANS(out_of_gamut, 0), FACT_METERED, MOVING, 0, "where that is more than 1 %"},
    {"flashes", NULL, "s", SPANS(flashes, 0), FACT_METERED, MOVING, 0, "screening after ITU-R BT.1702-3: more than 3 flashes a second over 25 % of the picture; not a certified Harding test"},
    {"red_flashes", NULL, "s", SPANS(red_flashes, 0), FACT_METERED, MOVING, 0, "the same of flashes from or to saturated red"},
    {"clipping", NULL, "s", SPANS(clipping, 0), FACT_METERED, SOUND, 0, "runs of 3 samples and more at full scale; those within a second of one another are one"},
    {"clipped_percent", "clipped", "%", NUMBER(clipped_percent), FACT_METERED, SOUND, 0, "of the worst second of a channel, how much is in such runs"},
    {"min_correlation", "phase", "", NUMBER(min_correlation), FACT_METERED, SOUND, 0, "of left and right, the lowest in any 3 s: 1 mono, -1 out of phase"},
    {"out_of_phase", NULL, "s", SPANS(out_of_phase, 0), FACT_METERED, SOUND, 0, "where that is below -0.5"},
    {"silent_channels", NULL, "", LIST(silent_channels), FACT_METERED, SOUND, 0, "channels with nothing above -60 dBFS while others have"},
    {"dropouts", NULL, "s", SPANS(dropouts, 0.1), FACT_METERED, SOUND, 0, "where a channel that isn't silent throughout is below -60 dBFS, for 0.1 s at least, while another has -40"},
    {"identical_channels", "dual_mono", "", LIST(identical_channels), FACT_METERED, SOUND, 0, "channels that are the same throughout: FL=FR"},
    {"dc_offset_percent", "dc_offset", "%", NUMBER(dc_offset_percent), FACT_METERED, SOUND, 0, "mean of the samples, of full scale, in the channel that has most"},

    {"psnr_db", "psnr", "dB", NUMBER(alike.psnr_db), FACT_DECODED, PICTURE, 0.1, "PSNR of luma, of R, G and B together, or of grey, or of alpha where that is less, to the reference: the mean of its frames; 120 is no difference"},
    {"psnr_u_db", "psnr_u", "dB", NUMBER(alike.psnr_u_db), FACT_DECODED, PICTURE, 0.1, "of Cb"},
    {"psnr_v_db", "psnr_v", "dB", NUMBER(alike.psnr_v_db), FACT_DECODED, PICTURE, 0.1, "of Cr"},
    {"psnr_low_db", "psnr_low", "dB", NUMBER(alike.psnr_low_db), FACT_DECODED, MOVING, 0.1, "that one frame in 100 is below (1st percentile)"},
    {"psnr_worst_db", "worst_psnr", "dB", NUMBER(alike.psnr_worst_db), FACT_DECODED, MOVING, 0.1, "of the frame that has least"},
    {"ssim", NULL, "", NUMBER(alike.ssim), FACT_DECODED, PICTURE, 0.001, "SSIM of luma to the reference (Wang 2004): the mean of its frames; 1 is no difference"},
    {"ssim_u", NULL, "", NUMBER(alike.ssim_u), FACT_DECODED, PICTURE, 0.001, "of Cb"},
    {"ssim_v", NULL, "", NUMBER(alike.ssim_v), FACT_DECODED, PICTURE, 0.001, "of Cr"},
    {"ssim_low", NULL, "", NUMBER(alike.ssim_low), FACT_DECODED, MOVING, 0.001, "that one frame in 100 is below (1st percentile)"},
    {"ssim_worst", "worst_ssim", "", NUMBER(alike.ssim_worst), FACT_DECODED, MOVING, 0.001, "of the frame that has least"},
    {"ms_ssim", NULL, "", NUMBER(alike.ms_ssim), FACT_DECODED, PICTURE, 0.001, "MS-SSIM of luma to the reference (Wang 2003), of 176 by 176 pixels at least: the mean of its frames"},
    {"ms_ssim_low", NULL, "", NUMBER(alike.ms_ssim_low), FACT_DECODED, MOVING, 0.001, "that one frame in 100 is below (1st percentile)"},
    {"ms_ssim_worst", "worst_ms_ssim", "", NUMBER(alike.ms_ssim_worst), FACT_DECODED, MOVING, 0.001, "of the frame that has least"},
    {"worst_frame", NULL, "", INT64(alike.worst_frame), FACT_DECODED, MOVING, 0, "number of the frame with the least SSIM, from 0"},
    {"worst_timecode", NULL, "", TEXT(alike.worst_timecode), FACT_DECODED, MOVING, 0, "its timecode, or its time"},
    {"frame_hashes", NULL, "", TEXT(alike.frame_hashes), FACT_DECODED, PICTURE, 0, "equal: every decoded sample of the picture is the reference's; else different"},
    {"different_frame", NULL, "", INT64(alike.different_frame), FACT_DECODED, MOVING, 0, "number of the first frame that isn't equal, from 0; -1: none"},
    {"max_difference", NULL, "", NUMBER(alike.max_difference), FACT_DECODED, PICTURE, 0, "largest difference of a sample to the reference, in steps of its bit depth"},
    {"changed_share", "changed", "%", NUMBER(alike.changed_share), FACT_DECODED, PICTURE, 0, "share of the pixels that differ from the reference"},
    {"delta_e", NULL, "", NUMBER(alike.delta_e), FACT_DECODED, STILL, 0.1, "colour difference to the reference (CIEDE2000; Sharma 2005), of pictures as their profiles mean them: the mean of all pixels; about 1 can just be seen"},
    {"delta_e_max", NULL, "", NUMBER(alike.delta_e_max), FACT_DECODED, STILL, 0.1, "of the pixel where it is largest"},
    {"null_rms_dbfs", "null_rms", "dBFS", NUMBER(alike.null_rms_dbfs), FACT_DECODED, SOUND, 0.5, "RMS of the sound minus the reference's (a null test); -200 is no difference"},
    {"audio_offset_s", "audio_offset", "s", NUMBER(alike.audio_offset_s), FACT_DECODED, SOUND, 0.02, "how much later the sound is than the reference's, by their envelopes"},
    {"audio_correlation", NULL, "", NUMBER(alike.audio_correlation), FACT_DECODED, SOUND, 0.01, "how well the samples go together to 12 kHz with the reference's, moved onto them by 25 ms at most: of the channel where it is least; 1 is no difference but of level"},
    {"audio_level_db", "audio_level", "dB", NUMBER(alike.audio_level_db), FACT_DECODED, SOUND, 0.1, "how much louder the sound is to 12 kHz than the reference's, of the channel where that differs most"},
    {"audio_level_band_db", "audio_band_level", "dB", NUMBER(alike.audio_level_band_db), FACT_DECODED, SOUND, 0.1, "the same of the band (to 300, 1000, 3000, 6000 and 12000 Hz) and the channel where that differs most: a low-pass loses one"},
    {"audio_band_level_at", NULL, "", TEXT(alike.audio_band_at), FACT_DECODED, SOUND, 0, "which band that is, and in which channel: 3000 to 6000 Hz, FR"},
    {"audio_correlation_worst", "worst_audio_correlation", "", NUMBER(alike.audio_correlation_worst), FACT_DECODED, SOUND, 0.01, "how well the 50 ms of a channel go together, the mean of three bands to 3 kHz, where that is least: near 0 it is missing or another sound, below it has the other polarity"},
    {"audio_level_worst_db", "worst_audio_level", "dB", NUMBER(alike.audio_level_worst_db), FACT_DECODED, SOUND, 0.1, "how much louder the sound is, of the 0.2 s and the channel where that differs most"},
    {"audio_level_brief_db", "brief_audio_level", "dB", NUMBER(alike.audio_level_brief_db), FACT_DECODED, SOUND, 0.1, "how much louder the sound is, of the 10 ms and the channel where that differs most: what is muted for a moment, or bursts"},
    {"audio_click_db", "audio_click", "dB", NUMBER(alike.audio_click_db), FACT_DECODED, SOUND, 0.1, "how far a sample of the difference to the reference stands above the reference's peak within 25 ms, and above 32 dB over the RMS of the difference there, or, where all else there is the same, above -40 dBFS: of the one that does most; above 0 something clicks"},
    {"audio_correlation_worst_at", "worst_audio_correlation_at", "", TEXT(alike.audio_correlation_at), FACT_DECODED, SOUND, 0, "when and in which channel the correlation is least: 1.250 s, FR"},
    {"audio_level_worst_at", "worst_audio_level_at", "", TEXT(alike.audio_level_at), FACT_DECODED, SOUND, 0, "when and in which channel the level differs most"},
    {"audio_level_brief_at", "brief_audio_level_at", "", TEXT(alike.audio_brief_at), FACT_DECODED, SOUND, 0, "when and in which channel the level of 10 ms differs most"},
    {"audio_click_at", NULL, "", TEXT(alike.audio_click_at), FACT_DECODED, SOUND, 0, "when and in which channel the difference clicks most"},
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
