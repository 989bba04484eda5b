# Every preset and pipeline that is shipped makes what it promises of the samples.
# Label: media

# preset NAME FOLDER-OF-SAMPLES (short: files.sh)
preset() {
    local folder=$FILES/short/$2
    expect_exit 0 rushes run "$1" "$folder" -o out
    expect_json out/.rushes/last/report.json '.outputs | length > 0 and all(.status == "done")'
    expect_json out/.rushes/last/report.json '.outputs | all((.checks | length > 0) and (.checks | all(.pass)))'
    local file
    file=$(jq -r '.outputs[0].path' out/.rushes/last/report.json)
    expect_exit 0 rushes check "out/$file" --preset "$1"
}

test_preset_av1_web() { preset av1-web footage; }
# A reader with pauses, in a room that is soft enough; and one in a room that isn't.
test_preset_acx_mp3() {
    local voice="0.2*sin(2*PI*200*t)*sin(2*PI*3*t)*lt(mod(t\\,4)\\,3)"
    mkdir quiet noisy
    ffmpeg -nostdin -v error -f lavfi -i "aevalsrc=$voice+0.0002*(random(0)-0.5):s=44100:d=12" quiet/chapter.wav
    ffmpeg -nostdin -v error -f lavfi -i "aevalsrc=$voice+0.02*(random(0)-0.5):s=44100:d=12" noisy/chapter.wav
    expect_exit 0 rushes run acx-mp3 quiet -o out
    expect_json out/.rushes/last/report.json '.outputs[0].checks | length == 5 and all(.pass)'
    expect_exit 0 rushes check out/chapter.mp3 --preset acx-mp3
    expect_exit 3 rushes run acx-mp3 noisy -o out2
    expect_json out2/.rushes/last/report.json '[.outputs[0].checks[] | select(.pass | not).name] == ["noise_floor"]'
}

# Television's rate of the United States, and what is HDR, are made here.
clip() {
    local rate=$1 folder=$2
    shift 2
    mkdir -p "$folder"
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=s=320x180:r=$rate:d=1" -f lavfi -i "sine=440:r=48000:d=1" \
        "$@" -c:v ffv1 -c:a pcm_s16le "$folder/clip.mkv"
}
own() {
    expect_exit 0 rushes run "$1" "$2" -o out
    expect_json out/.rushes/last/report.json '.outputs | length > 0 and all(.status == "done")'
    expect_json out/.rushes/last/report.json '.outputs | all((.checks | length > 0) and (.checks | all(.pass)))'
    expect_exit 0 rushes check "out/$(jq -r '.outputs[0].path' out/.rushes/last/report.json)" --preset "$1"
}
test_preset_atsc_1080i() {
    clip 30000/1001 us
    own atsc-1080i us
}
# A source of fields: they are in the broadcaster's file as they were.
test_preset_ebu_hd() {
    mkdir tv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=1920x1080:r=50:d=0.4 -f lavfi -i sine=440:r=48000:d=0.4 \
        -vf tinterlace=interleave_top,format=yuv422p10le -c:v ffv1 -c:a pcm_s16le tv/clip.mkv
    own ebu-hd tv
    ffprobe -v error -select_streams v -show_entries stream=field_order -of csv=p=0 out/clip.mxf | grep -q ^tt ||
        fail "the order of fields isn't in the MXF"
    clip 24 cinema
    expect_exit 1 rushes run ebu-hd cinema -o slow
    expect_said out 'expect.fps: 25, and the picture has 24 frames a second; put `- fps: 25`'
}
test_preset_youtube_2160p_hdr() {
    clip 25 hdr -vf format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv
    own youtube-2160p-hdr hdr
}
test_preset_prores_4444() {
    mkdir alpha
    ffmpeg -nostdin -v error -f lavfi -i "color=red@0.5:s=160x90:r=25:d=0.4,format=yuva444p10le" -c:v ffv1 alpha/clip.mkv
    own prores-4444 alpha
    expect_json out/.rushes/last/report.json '.outputs[0].facts.alpha'
}
test_preset_avc_intra_100() { preset avc-intra-100 footage; }
test_preset_dnxhr_444() { preset dnxhr-444 footage; }
test_preset_dnxhr_hq() { preset dnxhr-hq footage; }
test_preset_dnxhr_hqx_mxf_opatom() { preset dnxhr-hqx-mxf-opatom footage; }
test_preset_dnxhr_lb() { preset dnxhr-lb footage; }
test_preset_dnxhr_sq() { preset dnxhr-sq footage; }
test_preset_dpp_essence() {
    clip 25 uk
    own dpp-essence uk
}
test_preset_ffv1_archive() { preset ffv1-archive footage; }
test_preset_gif_preview() { preset gif-preview footage; }
test_preset_prores_422() { preset prores-422 footage; }
test_preset_prores_422_lt() { preset prores-422-lt footage; }
test_preset_reels() { preset reels footage; }
test_preset_tiktok() { preset tiktok footage; }
test_preset_vimeo_1080p() { preset vimeo-1080p footage; }
test_preset_xdcam_hd422_50() { preset xdcam-hd422-50 footage; }
test_preset_avif_web() { preset avif-web stills; }
test_preset_dnxhr_hqx() { preset dnxhr-hqx footage; }
test_preset_grade_preview() { preset grade-preview footage; }
test_preset_h264_web_1080p() { preset h264-web-1080p footage; }
test_preset_h264_web_720p() { preset h264-web-720p footage; }
test_preset_h265_archive() { preset h265-archive footage; }
test_preset_jpeg_print() { preset jpeg-print stills; }
test_preset_social_4x5() {
    preset social-4x5 stills
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(endswith("by attention"))'
}
test_preset_jpeg_web() { preset jpeg-web stills; }
test_preset_podcast_mp3() { preset podcast-mp3 sound; }
test_preset_prores_422_hq() { preset prores-422-hq footage; }
test_preset_prores_proxy() { preset prores-proxy footage; }
test_preset_proxy_quarter() { preset proxy-quarter footage; }
test_preset_a85_wav() { preset a85-wav sound; }
test_preset_netflix_wav() { preset netflix-wav sound; }
test_preset_r128_s1_wav() { preset r128-s1-wav sound; }
test_preset_spotify_wav() { preset spotify-wav sound; }
test_preset_youtube_wav() { preset youtube-wav sound; }
test_preset_r128_wav() { preset r128-wav sound; }
test_preset_social_9x16() { preset social-9x16 footage; }
test_preset_stream_1080p() { preset stream-1080p footage; }
test_preset_stream_720p() { preset stream-720p footage; }
test_preset_stream_360p() { preset stream-360p footage; }
test_preset_tiff_master() { preset tiff-master stills; }
test_preset_webp_web() { preset webp-web stills; }
test_preset_youtube_1080p() { preset youtube-1080p footage; }
test_preset_youtube_2160p() { preset youtube-2160p footage; }

# Presets of a list are put upon each other: steps of both, the last word is the later one's.
test_presets_in_a_list() {
    cat > both.yaml <<'END'
rushes: 1
preset: [r128-wav, prores-proxy]
expect: {audio_codec: pcm_s24le}
END
    expect_exit 0 rushes run both.yaml "$FILES/short/footage" -o out
    expect_json out/.rushes/last/report.json \
        '.outputs | all(.path | endswith(".mov")) and all(.checks | map(.name) | contains(["loudness", "codec"]))'
    expect_json out/.rushes/last/report.json \
        '.outputs | all(.steps | any(startswith("loudness profile: EBU R 128 v5.0")))'
}

# What is made BT.709 is expected to be it (GIF has no tags).
test_presets_of_films_take_those_without_sound() {
    local preset
    ffmpeg -nostdin -v error -i "$FILES/tiny/clip.mov" -an -c copy silent.mov
    for preset in ffv1-archive prores-422 prores-422-lt reels; do
        rushes check silent.mov --preset "$preset" --json >made.json || true
        expect_json made.json '[.outputs[0].checks[] | select(.name == "audio_codec" or .name == "channels") | .pass] | length > 0 and all'
    done
}

test_every_preset_of_bt_709_expects_it() {
    local preset
    for preset in $(cd "$SOURCE/presets" && grep -l 'color: {to: rec709}' ./*.yaml); do
        preset=$(basename "$preset" .yaml)
        [ "$preset" = gif-preview ] && continue
        expect_exit 0 rushes presets "$preset"
        grep -q 'color_matrix: *"\?bt709' "$said/out" && grep -q 'color_primaries: *"\?bt709' "$said/out" &&
            grep -q 'color_transfer: *"\?bt709' "$said/out" || fail "$preset doesn't expect BT.709"
    done
}

# tagged NAME TAGS: two frames with these tags
tagged() {
    local name=$1 tags=$2
    mkdir -p "in_$name"
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=s=320x180:r=25:d=0.08,format=yuv422p10le,setparams=$tags:range=tv" \
        -c:v ffv1 "in_$name/clip.mkv"
}
colors_of() {
    ffprobe -v error -select_streams v:0 -show_entries stream=color_space,color_transfer,color_primaries -of csv=p=0 "$1"
}

# HDR as phones and cameras record it, and standard definition, on the web and in broadcast.
test_presets_of_sdr_make_bt_709_of_what_is_not() {
    local name preset file
    tagged hlg colorspace=bt2020nc:color_primaries=bt2020:color_trc=arib-std-b67
    tagged pq colorspace=bt2020nc:color_primaries=bt2020:color_trc=smpte2084
    tagged sd colorspace=bt470bg:color_primaries=bt470bg:color_trc=bt470m # as D-10 is tagged
    tagged canon colorspace=smpte170m:color_primaries=bt709:color_trc=bt709
    for name in hlg pq sd canon; do
        for preset in h264-web-720p youtube-1080p avc-intra-100; do
            expect_exit 0 rushes run $preset in_$name -o "out_$name"
        done
        for file in "out_$name"/*.*; do
            [ "$(colors_of "$file")" = bt709,bt709,bt709 ] || fail "$file: $(colors_of "$file")"
        done
    done
}

test_every_preset_has_its_test() {
    local preset
    for preset in "$SOURCE"/presets/*.yaml; do
        preset=$(basename "$preset" .yaml)
        declare -F "test_preset_${preset//-/_}" >/dev/null || fail "$preset is not tested"
    done
}

pipeline_over() {
    local before after
    before=$(fingerprint "$FILES/short/.")
    expect_exit 0 rushes run "$FILES/pipelines/$1.yaml" "$FILES/short" -o out
    after=$(fingerprint "$FILES/short/.")
    [ "$before" = "$after" ] || fail "a source was changed"
    expect_json out/.rushes/last/report.json '.outputs | length > 0 and all(.status == "done")'
    expect_nothing_left_over out
    expect_exit 0 rushes run "$FILES/pipelines/$1.yaml" "$FILES/short" -o out
    expect_json out/.rushes/last/report.json '.outputs | all(.status == "up_to_date")'
}

test_pipeline_dailies() { pipeline_over dailies; }
test_pipeline_overnight() { pipeline_over overnight; }
test_pipeline_photographs() { pipeline_over photographs; }
test_pipeline_podcast() { pipeline_over podcast; }
test_pipeline_review() { pipeline_over review; }
test_pipeline_social() { pipeline_over social; }
test_pipeline_streaming() { pipeline_over streaming; }
test_pipeline_web_stills() { pipeline_over web-stills; }

test_every_pipeline_has_its_test() {
    local pipeline
    for pipeline in "$SOURCE"/pipelines/*.yaml; do
        pipeline=$(basename "$pipeline" .yaml)
        declare -F "test_pipeline_${pipeline//-/_}" >/dev/null || fail "$pipeline is not tested"
    done
}
