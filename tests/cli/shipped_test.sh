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

test_preset_avif_web() { preset avif-web stills; }
test_preset_dnxhr_hqx() { preset dnxhr-hqx footage; }
test_preset_grade_preview() { preset grade-preview footage; }
test_preset_h264_web_1080p() { preset h264-web-1080p footage; }
test_preset_h264_web_720p() { preset h264-web-720p footage; }
test_preset_h265_archive() { preset h265-archive footage; }
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
test_pipeline_podcast() { pipeline_over podcast; }
test_pipeline_review() { pipeline_over review; }
test_pipeline_social() { pipeline_over social; }
test_pipeline_web_stills() { pipeline_over web-stills; }

test_every_pipeline_has_its_test() {
    local pipeline
    for pipeline in "$SOURCE"/pipelines/*.yaml; do
        pipeline=$(basename "$pipeline" .yaml)
        declare -F "test_pipeline_${pipeline//-/_}" >/dev/null || fail "$pipeline is not tested"
    done
}
