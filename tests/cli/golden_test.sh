#!/usr/bin/env bash
# Label: media
# Files beside references and goldens. Sourced by lib.sh.

TINY=$FILES/tiny

# A film that decodes to the same samples every time.
lossless() {
    mkdir -p in
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -an -c copy in/a.mov
    pipeline <<'EOF'
outputs:
  film: {to: "film/${stem}.mkv", encode: {video: {codec: ffv1}}}
EOF
}

# blessed: goldens of it in golden, and a run of it in out
blessed() {
    lossless
    expect_exit 0 rushes bless p.yaml in --golden golden -m "as it should be"
    expect_exit 0 rushes run p.yaml in -o out
}

# one_code_off FROM TO: a luma sample of picture 12 is a code off
one_code_off() {
    local at=$((12 * 160 * 90 * 3 / 2 + 7 * 160 + 5)) value
    ffmpeg -nostdin -v error -y -i "$1" -f rawvideo raw.yuv
    value=$(od -An -tu1 -j $at -N 1 raw.yuv)
    # shellcheck disable=SC2059
    printf "\\x$(printf %x $((value ^ 1)))" | dd of=raw.yuv bs=1 seek=$at conv=notrunc status=none
    ffmpeg -nostdin -v error -y -f rawvideo -s 160x90 -r 25 -i raw.yuv -c:v ffv1 -color_range tv \
        -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m "$2"
}

test_what_is_made_again_is_as_its_golden() {
    blessed
    expect_exit 0 rushes check out --against golden
    expect_said out "25 frames, all equal"
    grep -q "^reason as it should be$" golden/film/a.mkv.golden || fail "the reason isn't kept"
}

test_one_code_in_one_picture_exits_3_and_names_it() {
    blessed
    one_code_off out/film/a.mkv changed.mkv
    mv changed.mkv out/film/a.mkv
    expect_exit 3 rushes check out --against golden -o seen --junit j.xml --json
    expect_json "$said/out" '[.outputs[].checks[] | select(.name == "pictures") | .measured][0]
        | startswith("none: the 64x36 pixels") and contains("--against FILM")'
    expect_no_file seen/film
    expect_said out "frame 12 at 0.480 s is the first of 1 that differ"
    expect_said out ", and was $(sed -n 's/^frame 12 [^ ]* \([^ ]*\).*/\1/p' golden/film/a.mkv.golden)"
    grep -q 'name="[^"]*: frames"' j.xml || fail "no case of the frames"
    xmllint --noout j.xml || fail "not XML"
}

# Of three pictures of 320 by 180, 4 apart, so many pixels from the left, in grey.
column_of() {
    ffmpeg -nostdin -v error -y -i "$1" -vf "crop=320:180:$2:0" -f rawvideo -pix_fmt gray column.raw
    od -An -tu1 -v -w1 column.raw | sort -nu | sed 's/ //g' | tr '\n' ' '
}

test_drift_shows_the_very_frame_by_what_the_golden_keeps_of_it() {
    blessed
    ffmpeg -nostdin -v error -i out/film/a.mkv -vf "drawbox=t=fill:c=white:enable='eq(n,13)'" -c:v ffv1 white.mkv
    rushes check white.mkv --against golden/film/a.mkv.golden -o seen --json >made.json || true
    expect_json made.json '[.outputs[].checks[] | select(.name == "pictures") | .expected][0]
        | startswith("frame 13 at 0.520 s, where the difference is largest: the 6x4 mean colours")'
    case $(column_of seen/white.mkv.difference.png 324) in
    25[0-9]*) ;;
    *) fail "it isn't frame 13" ;;
    esac
    # What is 3 codes lighter everywhere is so in the drawing, whatever is in the picture.
    ffmpeg -nostdin -v error -i out/film/a.mkv -vf "lutyuv=y='val+3'" -c:v ffv1 lighter.mkv
    rushes check lighter.mkv --against golden/film/a.mkv.golden -o seen --json >made.json || true
    expect_json made.json '[.outputs[].checks[] | select(.name == "pictures") | .expected][0]
        | test("64x36 pixels.*and 8 times their difference, which is at most [89] of 255$")'
    case " $(column_of seen/lighter.mkv.difference.png 648)" in
    *" "[0-9]" "* | *" "[0-9][0-9]" "* | *" "1[01][0-9]" "*) fail "not like beside like" ;;
    esac
}

test_frames_that_must_be_equal_name_the_first_that_is_not() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -an -c:v ffv1 whole.mkv
    one_code_off whole.mkv changed.mkv
    printf 'rushes: 1\nexpect: {frame_hashes: equal}\n' >strict.yaml
    expect_exit 3 rushes check changed.mkv --spec strict.yaml --against whole.mkv
    expect_said out "different (first: frame 12 at 0.480 s)"
}

test_goldens_of_another_stamp_hold_colours_to_a_tolerance() {
    blessed
    sed -i 's/^stamp .*/stamp another machine/' golden/film/a.mkv.golden
    one_code_off out/film/a.mkv changed.mkv
    ffmpeg -nostdin -v error -i out/film/a.mkv -vf negate -c:v ffv1 negative.mkv
    rushes check changed.mkv --against golden/film/a.mkv.golden --json >near.json || true
    expect_json near.json '.outputs[0].checks[] | select(.name == "frames") | .pass'
    expect_exit 3 rushes check negative.mkv --against golden/film/a.mkv.golden
    expect_said out "another stamp"
}

test_a_golden_without_its_output_and_an_output_without_its_golden_exit_3() {
    blessed
    mv out/film/a.mkv out/film/b.mkv
    expect_exit 3 rushes check out --against golden
    expect_said out "rushes bless makes it"
    expect_said out "film/a.mkv"
}

test_bless_tells_old_and_new_values_and_what_is_stale() {
    blessed
    cp golden/film/a.mkv.golden golden/film/gone.mkv.golden
    sed -i 's/^frame 3 \([^ ]*\) [0-9a-f]*/frame 3 \1 00000000000000000000000000000000/' golden/film/a.mkv.golden
    expect_exit 0 rushes bless p.yaml in --golden golden -m "another look"
    expect_said out "changed film/a.mkv"
    expect_said out "frame 3 at 0.120 s"
    expect_said out "stale golden/film/gone.mkv.golden"
    expect_exit 0 rushes check out/film/a.mkv --against golden
}

test_bless_says_what_it_replaces_and_makes_a_lost_strip_again() {
    blessed
    rm golden/film/a.mkv.golden.png
    expect_exit 0 rushes bless p.yaml in --golden golden
    expect_said out "as before film/a.mkv"
    expect_file golden/film/a.mkv.golden.png
    echo rubbish >golden/film/a.mkv.golden
    expect_exit 0 rushes bless p.yaml in --golden golden
    expect_said out "replaced film/a.mkv, which couldn't be read"
    expect_exit 0 rushes check out --against golden
}

test_a_damaged_strip_is_no_damage_of_the_file() {
    blessed
    cp golden/film/a.mkv.golden.png whole.png
    for bytes in 12 60; do
        head -c $bytes whole.png >golden/film/a.mkv.golden.png
        expect_exit 0 rushes check out --against golden -o seen
        one_code_off out/film/a.mkv changed.mkv
        expect_exit 3 rushes check changed.mkv --against golden/film/a.mkv.golden -o seen --json
        expect_json "$said/out" '.outputs[0] | .error == null and ([.checks[] | select(.name == "pictures") | .measured][0]
            | startswith("none: the golden\u0027s strip") and (endswith(": ") | not))'
        [ -z "$(find seen -type f)" ] || fail "a picture was drawn, of nothing"
    done
}

test_bless_in_ci_exits_2() {
    lossless
    CI=true expect_exit 2 rushes bless p.yaml in --golden golden
    CI=1 expect_exit 2 rushes bless p.yaml in --golden golden
    expect_no_file golden
    CI=false expect_exit 0 rushes bless p.yaml in --golden golden
}

test_sound_is_as_its_golden_and_louder_is_not() {
    mkdir in
    cp "$TINY/tone.wav" in
    pipeline <<'EOF'
outputs:
  sound: {to: "${stem}.wav", encode: {audio: {codec: pcm_s24le}}}
EOF
    expect_exit 0 rushes bless p.yaml in --golden golden
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes check out --against golden
    ffmpeg -nostdin -v error -y -i out/tone.wav -af volume=0.5dB -c:a pcm_s24le out/tone.wav.new.wav
    mv out/tone.wav.new.wav out/tone.wav
    expect_exit 3 rushes check out --against golden
    expect_said out "second 0 of 2 is the first that differs"
}

test_a_still_is_as_its_golden() {
    mkdir in
    cp "$TINY/still.png" in
    pipeline <<'EOF'
outputs:
  web: {preset: jpeg-web, to: "${stem}.jpg"}
EOF
    expect_exit 0 rushes bless p.yaml in --golden golden
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes check out --against golden
}

# The figures are ffmpeg's psnr filter's, of which ours is the mean over frames.
test_a_film_is_measured_against_its_master() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -c:v libx264 -crf 30 -c:a copy lossy.mov
    ffmpeg -nostdin -v error -i lossy.mov -i "$TINY/clip.mov" -lavfi "[0:v][1:v]psnr=stats_file=psnr.log" -f null -
    rushes check lossy.mov --against "$TINY/clip.mov" --json >made.json || true
    mean=$(awk '{for (i = 1; i <= NF; i++) if ($i ~ /^psnr_y:/) {sub("psnr_y:", "", $i); s += $i; n++}} END {print s / n}' psnr.log)
    expect_json made.json ".outputs[0].facts.psnr_db - $mean | fabs < 0.02"
    expect_json made.json '.outputs[0].facts | .ssim > 0.5 and .ssim < 1 and .frame_hashes == "different"'
    expect_json made.json '.outputs[0].facts.audio_offset_s == 0'
}

test_a_film_without_its_colours_is_not_its_master() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -c:v ffv1 -pix_fmt yuv420p -an colour.mkv
    ffmpeg -nostdin -v error -i colour.mkv -vf hue=s=0 -c:v ffv1 grey.mkv
    expect_exit 0 rushes check colour.mkv --against colour.mkv
    expect_exit 3 rushes check grey.mkv --against colour.mkv
    expect_said out "psnr_u: expected at least 38 dB"
}

test_sound_that_is_late_exits_3_and_tells_by_how_much() {
    ffmpeg -nostdin -v error -f lavfi -i "aevalsrc='0.5*random(0)*gt(sin(2*PI*t*t),0)':s=48000:d=3" -c:a pcm_s16le ref.wav
    ffmpeg -nostdin -v error -i ref.wav -af adelay=80 late.wav
    expect_exit 3 rushes check late.wav --against ref.wav
    expect_said out "measured 0.08 s"
}

test_sound_that_is_the_same_nulls() {
    rushes check "$TINY/tone.flac" --against "$TINY/tone.wav" --json >made.json
    expect_json made.json '.outputs[0].facts.null_rms_dbfs == -200'
}

test_another_size_is_said() {
    ffmpeg -nostdin -v error -i "$TINY/still.png" -vf scale=320:180 small.png
    expect_exit 3 rushes check small.png --against "$TINY/still.png"
    expect_said out "320x180"
}

test_a_damaged_reference_is_no_damage_of_the_file() {
    head -c 1000 "$TINY/photo.jpg" >bad.jpg
    head -c 20000 "$TINY/clip.mov" >bad.mov
    expect_exit 3 rushes check "$TINY/photo.jpg" --against bad.jpg --json
    expect_json "$said/out" '.outputs[0] | .error == null and ([.checks[].name] == ["reference"])'
    expect_exit 3 rushes check "$TINY/clip.mov" --against bad.mov
    expect_said out "reference: expected one that can be decoded"
}

test_pictures_that_have_no_place_exit_5() {
    expect_exit 5 rushes check "$TINY/still.png" --against "$TINY/still.png" -o /proc/nowhere
    expect_said err "can't be written"
}

test_an_animated_png_is_not_said_to_be_its_reference() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=d=0.2:r=10:s=64x48 -f apng -plays 0 ref.png
    expect_exit 3 rushes check ref.png --against ref.png
    expect_said out "of its 2 pictures only the first is compared"
    printf 'rushes: 1\nexpect: {pages: any}\n' >any.yaml
    expect_exit 0 rushes check ref.png --against ref.png --spec any.yaml
}

test_a_spec_holds_files_by_their_names() {
    cp "$TINY/still.png" "$TINY/tone.wav" .
    cat >spec.yaml <<'EOF'
rushes: 1
name: House delivery
expect: {decode_errors: 0}
files:
  "*.png": {width: 1920}
  "*.wav": {sample_rate: 48000}
EOF
    expect_exit 0 rushes lint spec.yaml
    expect_exit 0 rushes check tone.wav --spec spec.yaml
    expect_exit 3 rushes check still.png tone.wav --spec spec.yaml
    expect_said out "width: expected 1920, measured 640"
}

test_a_spec_names_what_a_likeness_must_be() {
    ffmpeg -nostdin -v error -i "$TINY/still.png" -q:v 20 poor.jpg
    printf 'rushes: 1\nexpect: {psnr: at least 10 dB, ssim: at least 0.2}\n' >loose.yaml
    printf 'rushes: 1\nexpect: {frame_hashes: equal}\n' >strict.yaml
    ffmpeg -nostdin -v error -i poor.jpg poor.png
    expect_exit 0 rushes check poor.png --spec loose.yaml --against "$TINY/still.png"
    expect_exit 3 rushes check poor.png --spec strict.yaml --against "$TINY/still.png"
}

test_a_spec_that_is_wrong_exits_2_with_its_line() {
    printf 'rushes: 1\nexpect: {widht: 1920}\n' >spec.yaml
    expect_exit 2 rushes check "$TINY/still.png" --spec spec.yaml
    expect_said err "spec.yaml:2"
    expect_said err "width"
}

test_with_nothing_named_files_are_screened() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -vf "drawbox=t=fill:c=white:enable='eq(n,12)'" -c:v ffv1 \
        -c:a copy flash.mkv
    expect_exit 0 rushes check "$TINY/clip.mov"
    expect_exit 3 rushes check flash.mkv
    expect_said out "odd_frames"
}

# film_that_slows FILE MORE: from the 15th picture on at a third of the rate
film_that_slows() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:r=30:d=1 -vf "setpts='(N+if(gt(N,14),(N-14)*2,0)$2)/30/TB'" \
        -vsync vfr -c:v libx264 -bf 2 "$1.mp4"
    ffmpeg -nostdin -v error -i "$1.mp4" -c copy "$1"
}

test_gaps_are_found_at_a_variable_rate() {
    film_that_slows whole.mkv ""
    film_that_slows gap.mkv "+gt(N,22)*120"
    rushes probe --measure --json whole.mkv gap.mkv >made.json
    expect_json made.json '[.[].vfr] == [true, true]'
    expect_json made.json '.[0].gaps == [] and (.[1].gaps | length == 1 and .[0][1] - .[0][0] > 3.8)'
}

test_streams_without_times_have_a_rate_and_tell_open_groups() {
    local x264=bframes=3:b-adapt=0:scenecut=0:keyint=20:b-pyramid=0
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:d=3 -c:v libx264 -x264-params $x264:open-gop=1 open.h264
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:d=3 -c:v libx264 -x264-params $x264 closed.h264
    rushes probe --measure --json open.h264 closed.h264 >made.json
    expect_json made.json '[.[].closed_gop] == [false, true]'
    expect_json made.json 'all(.[]; .max_bit_rate > 10000)'
}

test_a_spec_beside_presets_is_called_by_its_name() {
    mkdir -p presets/specs
    printf 'rushes: 1\nexpect: {codec: hevc}\n' >presets/specs/house.yaml
    expect_exit 3 rushes check "$TINY/clip.mov" --spec house
}

# The sound that is held to `ref.wav`, as ffmpeg's filter.
sound_of() { ffmpeg -nostdin -v error -y -f lavfi -i "$1" -ac 2 -c:a pcm_s16le "$2"; }

test_other_sound_than_the_references_exits_3() {
    local name
    sound_of "aevalsrc='0.3*sin(880*PI*t)|0.2*sin(1400*PI*t)':s=48000:d=4" ref.wav
    expect_exit 0 rushes check ref.wav --against ref.wav
    ffmpeg -nostdin -v error -i ref.wav -c:a aac -b:a 128k lossy.m4a
    expect_exit 0 rushes check lossy.m4a --against ref.wav
    mkdir others
    sound_of "aevalsrc=0|0:s=48000:d=4" others/silent.wav
    sound_of "aevalsrc='0.3*sin(1100*PI*t)|0.2*sin(1900*PI*t)':s=48000:d=4" others/other.wav
    ffmpeg -nostdin -v error -i ref.wav -af adelay=2000:all=1 others/late.wav
    ffmpeg -nostdin -v error -t 1 -i ref.wav others/cut.wav
    ffmpeg -nostdin -v error -i ref.wav -af 'channelmap=1|0:stereo' others/swapped.wav
    ffmpeg -nostdin -v error -i ref.wav -af volume=1dB others/loud.wav
    rushes check others --against ref.wav --json >made.json || true
    for name in others/*.wav; do
        expect_json made.json "[.outputs[] | select(.input == \"${name##*/}\") | .status] == [\"out_of_spec\"]"
    done
    expect_json made.json '[.outputs[] | select(.input == "silent.wav") | .checks[] | select(.measured | contains("1 s away"))] | length == 1'
    expect_json made.json '[.outputs[] | select(.input == "cut.wav") | .checks[] | select(.measured | contains("ends at 1.000 s"))] | length == 1'
}

# A second of speech has no more gaps than this sound: tones that come and go over a hiss.
MELODY="0.25*sin(2*PI*(300+200*floor(mod(t*4\\,5)))*t)*(0.3+0.7*mod(t*4\\,1))+0.01*(random(0)*2-1)"

test_a_moment_of_sound_that_is_not_the_references_is_found_and_named() {
    sound_of "aevalsrc='$MELODY|0.6*$MELODY':s=48000:d=6" ref.wav
    local codec
    for codec in "aac -b:a 128k lossy.m4a" "libopus -b:a 128k lossy.opus" "libmp3lame -b:a 128k lossy.mp3"; do
        # shellcheck disable=SC2086
        ffmpeg -nostdin -v error -i ref.wav -c:a $codec
        expect_exit 0 rushes check "${codec##* }" --against ref.wav
    done
    mkdir others
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(between(t,2,2.05),-val(0),val(0))|val(1)':c=same" others/polarity.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='val(0)|if(between(t,3,3.3),0,val(1))':c=same" others/mute.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(eq(n,192000),1,val(0))|val(1)':c=same" others/click.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(between(t,0,0.3),0,val(0))|if(between(t,0,0.3),0,val(1))':c=same" others/head.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='val(0)|if(between(t,2.5,2.53),0,val(1))':c=same" others/moment.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(lt(t,0.14),0,val(0))|val(1)':c=same" others/start.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(gt(t,5.86),0,val(0))|val(1)':c=same" others/end.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(eq(n,240),1,val(0))|val(1)':c=same" others/first.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='if(eq(n,287600),1,val(0))|val(1)':c=same" others/last.wav
    ffmpeg -nostdin -v error -i ref.wav -filter_complex "asplit=3[a][b][c];[a]atrim=0:2.5[x];[b]atrim=2.46:2.5[y];[c]atrim=2.54[z];[x][y][z]concat=3:0:1" others/repeat.wav
    ffmpeg -nostdin -v error -i ref.wav -af "lowpass=3000,lowpass=3000" others/lowpass.wav
    rushes check others --against ref.wav --json >made.json || true
    # failing FILE FACT FROM TO CHANNEL
    failing() {
        expect_json made.json "[.outputs[] | select(.input == \"$1.wav\") | .checks[] | select(.name == \"$2\" and (.pass | not))
            | .measured | capture(\"at (?<s>[0-9.]+) s, (?<c>[A-Z]+)\") | (.s | tonumber) > $3 and (.s | tonumber) < $4 and (.c | test(\"^$5\$\"))] == [true]"
    }
    failing polarity worst_audio_correlation 1.95 2.07 FL
    failing mute worst_audio_level 2.9 3.4 FR
    failing click audio_click 3.97 4.02 FL
    failing head worst_audio_level 0 0.4 "F[LR]"
    failing repeat worst_audio_correlation 2.45 2.6 FL
    failing moment brief_audio_level 2.49 2.54 FR
    failing start brief_audio_level 0 0.14 FL
    failing end brief_audio_level 5.84 6 FL
    failing first audio_click -0.01 0.01 FL
    failing last audio_click 5.98 6 FL
    expect_json made.json '.outputs[] | select(.input == "lowpass.wav") | .checks[] | select(.name == "audio_band_level") |
        (.pass | not) and (.measured | contains("(at 6000 to 12000 Hz, F"))'
}

# Above 12 kHz codecs leave out what they like: a third of this one's energy.
test_white_noise_in_mp3_is_like_itself() {
    sound_of "anoisesrc=c=white:r=48000:a=0.3:d=3:seed=1" ref.wav
    ffmpeg -nostdin -v error -i ref.wav -c:a libmp3lame -b:a 128k white.mp3
    expect_exit 0 rushes check white.mp3 --against ref.wav
}

# Codecs drop it, or make noise of it: what of it comes through the filters says nothing.
test_sound_above_12_khz_alone_and_sweeps_into_it_are_like_themselves_in_codecs() {
    local what codec
    sound_of "anoisesrc=c=white:r=48000:a=0.3:d=2:seed=1,highpass=f=12000,highpass=f=12000,highpass=f=12000" noise.wav
    sound_of "aevalsrc='0.3*sin(2*PI*(20*t+3995*t*t))':s=48000:d=2" sweep.wav
    for what in noise sweep; do
        for codec in "ac3 192 ac3" "mp2 256 mp2"; do
            set -- $codec
            ffmpeg -nostdin -v error -i $what.wav -c:a "$1" -b:a "$2k" $what."$3"
            expect_exit 0 rushes check $what."$3" --against $what.wav
        done
    done
}

# Of six channels at 160 kbit/s codecs leave out what is above 7 kHz; a low-pass below 6 is found.
test_bands_of_surround_are_judged_to_6_khz() {
    ffmpeg -nostdin -v error -f lavfi -i "anoisesrc=c=pink:r=48000:a=0.3:d=2:seed=2,pan=5.1(side)|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0" ref.wav
    ffmpeg -nostdin -v error -i ref.wav -c:a ac3 -b:a 160k coded.ac3
    ffmpeg -nostdin -v error -i ref.wav -af "lowpass=3000,lowpass=3000" lowpass.wav
    rushes check coded.ac3 lowpass.wav --against ref.wav --json >made.json || true
    expect_json made.json '[.outputs[].checks[] | select(.name == "audio_band_level") | .pass] == [true, false]'
}

# Of what is the same for 10 s and then isn't, too, the figures are of all.
test_a_copy_that_differs_late_is_heard_whole() {
    sound_of "aevalsrc='0.5*sin(440*PI*t)*sin(3*t)|0.3*sin(700*PI*t)':s=8000:d=14" ref.wav
    ffmpeg -nostdin -v error -i ref.wav -c:a flac same.flac
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='val(0)|if(between(t,13,13.3),0,val(1))':c=same" late.wav
    rushes check same.flac --against ref.wav --json >made.json || true
    expect_json made.json '.outputs[0] | .status == "done" and (.facts | .null_rms_dbfs == -200 and .audio_offset_s == 0)'
    rushes check late.wav --against ref.wav --json >made.json || true
    expect_json made.json '.outputs[0].facts | .audio_correlation > 0.9 and .audio_correlation < 1 and .audio_level_db < 0'
    expect_json made.json '[.outputs[0].checks[] | select(.name == "worst_audio_level") | .measured | test("at 13[.][0-9]+ s, FR")] == [true]'
}

# Of noise in all channels codecs keep the LFE to 120 Hz (ATSC A/52); what is missing below is found.
test_an_lfe_is_judged_to_120_hz() {
    ffmpeg -nostdin -v error -f lavfi -i "anoisesrc=c=pink:r=48000:a=0.3:d=3:seed=2,pan=5.1(side)|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0" ref.wav
    ffmpeg -nostdin -v error -i ref.wav -c:a ac3 -b:a 640k coded.ac3
    expect_exit 0 rushes check coded.ac3 --against ref.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='val(0)|val(1)|val(2)|0|val(4)|val(5)':c=same" mute.wav
    rushes check mute.wav --against ref.wav --json >made.json || true
    expect_json made.json '.outputs[0].checks[] | select(.name == "audio_band_level") | (.pass | not) and (.measured | contains("(at 0 to 120 Hz, LFE)"))'
}

# One correlates after a whole period, too, and a hair better where a codec was off at the start.
test_the_offset_of_periodic_sound_is_the_least_that_fits() {
    local name
    mkdir refs made
    sound_of "aevalsrc='0.5*sin(880*PI*t)*lt(mod(t\\,1)\\,0.1)':s=48000:d=4" refs/beeps.wav
    sound_of "aevalsrc='0.5*sin(880*PI*t)':s=48000:d=4" refs/sine.wav
    for name in beeps sine; do ffmpeg -nostdin -v error -i refs/$name.wav -c:a aac -b:a 128k made/$name.m4a; done
    rushes check made --against refs --json >made.json || true
    expect_json made.json '[.outputs[].facts.audio_offset_s] == [0, 0]'
    ffmpeg -nostdin -v error -i refs/sine.wav -af adelay=10:all=1 late.wav
    rushes check late.wav --against refs/sine.wav --json >made.json || true
    expect_json made.json '.outputs[0].facts.audio_offset_s == 0.01'
}

test_a_sound_too_short_to_have_anything_around_has_no_clicks() {
    sound_of "aevalsrc='0.5*sin(2000*PI*t)':s=48000:d=0.012" ref.wav
    ffmpeg -nostdin -v error -i ref.wav -c:a libmp3lame -b:a 128k short.mp3
    rushes check short.mp3 --against ref.wav --json >made.json || true
    expect_json made.json '.outputs[0].checks[] | select(.name == "audio_click") | .pass'
}

test_what_of_the_references_cannot_be_looked_at_fails() {
    mkdir -p made refs
    sound_of "aevalsrc='0.3*sin(880*PI*t)':s=48000:d=1" made/a.wav
    cp made/a.wav refs
    ln -s nowhere refs/b
    expect_exit 3 rushes check made --against refs --json
    expect_json "$said/out" '[.outputs[] | select(.status != "done") | .input, .checks[].name] == ["b", "reference"] and
        (.outputs[] | select(.input == "b") | .checks[0].measured | contains("a link to nowhere"))'
    expect_exit 0 rushes check made/a.wav --against refs
}

test_a_sample_that_differs_in_an_otherwise_equal_copy_is_found_in_loud_sound() {
    sound_of "aevalsrc='0.9*sin(880*PI*t)|0.9*sin(1400*PI*t)':s=48000:d=2" ref.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='val(0)|if(eq(n,48000),val(1)+0.02,val(1))':c=same" click.wav
    ffmpeg -nostdin -v error -i ref.wav -af "aeval='val(0)|if(eq(n,48000),val(1)+0.01,val(1))':c=same" tick.wav
    rushes check click.wav --against ref.wav --json >made.json || true
    expect_json made.json '[.outputs[].checks[] | select(.pass | not) | .name] == ["audio_click"]'
    expect_exit 0 rushes check tick.wav --against ref.wav
}

test_a_sample_that_is_no_number_is_unlike_any() {
    local name
    float_of() { ffmpeg -nostdin -v error -f lavfi -i "aevalsrc='$1':s=48000:d=2" -c:a pcm_f32le "$2"; }
    mkdir others
    float_of "0.1*sin(880*PI*t)" ref.wav
    float_of "if(eq(n,48000),1/0,0.1*sin(880*PI*t))" others/infinite.wav
    float_of "if(eq(n,48000),0/0,0.1*sin(880*PI*t))" others/none.wav
    for name in infinite none; do
        expect_exit 0 rushes check others/$name.wav --against others/$name.wav
        expect_exit 3 rushes check others/$name.wav --against ref.wav --json
    done
    rushes check others --against ref.wav --json >made.json || true
    for name in form audio_correlation audio_level audio_band_level worst_audio_correlation worst_audio_level brief_audio_level audio_click; do
        expect_json made.json "[.outputs[].checks[] | select(.name == \"$name\") | .pass] == [false, false]"
    done
    expect_json made.json '[.outputs[].checks[] | select(.name == "form") | .measured | startswith("1 samples that are infinite or no numbers")] == [true, true]'
}

test_what_a_reference_has_besides_must_be_there_unless_it_may_be_any() {
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n' >chapters.txt
    printf '1\n00:00:00,100 --> 00:00:00,900\nOne.\n' >words.srt
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -i words.srt -i chapters.txt -map 0:v -map 0:a -map 1 -map_chapters 2 -c copy \
        -bsf:v h264_metadata=colour_primaries=6:transfer_characteristics=6:matrix_coefficients=6 -c:s mov_text -timecode 10:00:00:00 ref.mov
    mkdir others
    ffmpeg -nostdin -v error -i ref.mov -map 0:v -map 0:a -map 0:s -c copy -map_chapters -1 others/chapters.mov
    ffmpeg -nostdin -v error -i ref.mov -map 0:v -map 0:a -c copy others/subtitle_tracks.mov
    ffmpeg -nostdin -v error -i ref.mov -map 0:v -map 0:a -map 0:s -c copy -write_tmcd 0 others/timecode.mov
    ffmpeg -nostdin -v error -i ref.mov -map 0:v -map 0:a -map 0:s -c copy -aspect 4:3 others/sar.mov
    ffmpeg -nostdin -v error -i ref.mov -map 0:v -map 0:a -map 0:s -c copy -bsf:v h264_metadata=colour_primaries=9 others/color_primaries.mov
    ffmpeg -nostdin -v error -i ref.mov -map 0:v -map 0:a -map 0:s -c copy -bsf:v h264_metadata=transfer_characteristics=16 others/color_transfer.mov
    rushes check others --against ref.mov --json >made.json || true
    expect_json made.json '[.outputs[] | select([.checks[] | select(.pass | not) | .name] != [.input | split(".")[0]])] == []'
    printf 'rushes: 1\nexpect: {chapters: any, subtitle_tracks: any, timecode: any, sar: any, color_primaries: any, color_transfer: any}\n' >any.yaml
    expect_exit 0 rushes check others --against ref.mov --spec any.yaml
}

test_naming_a_fact_of_the_picture_leaves_what_is_expected_of_sound() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -c:v copy -af volume=0 -c:a pcm_s16le mute.mov
    printf 'rushes: 1\nexpect: {psnr: at least 40 dB}\n' >picture.yaml
    expect_exit 3 rushes check mute.mov --spec picture.yaml --against "$TINY/clip.mov"
}

test_a_film_that_is_cut_in_its_header_exits_1_and_leaves_no_picture() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -an -c:v ffv1 ref.mkv
    head -c 3000 ref.mkv >cut.mkv
    expect_exit 1 rushes check cut.mkv --against ref.mkv -o seen
    ! grep -q signal "$said/out" || fail "the worker crashed"
    expect_no_file seen/cut.mkv.difference.png
}

test_what_a_film_means_and_has_besides_is_held_to_its_reference() {
    mkdir others
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -i "$TINY/clip.mov" -map 0 -map 1:a -c:v ffv1 -c:a pcm_s16le ref.mkv
    ffmpeg -nostdin -v error -i ref.mkv -map 0:v -map 0:a:0 -c copy others/track.mkv
    ffmpeg -nostdin -v error -i ref.mkv -map 0 -c copy -c:v ffv1 -color_range pc others/range.mkv
    ffmpeg -nostdin -v error -i ref.mkv -map 0 -c copy -c:v ffv1 -vf setpts=2*PTS -r 12.5 others/rate.mkv
    rushes check others --against ref.mkv --json >made.json || true
    expect_json made.json '[.outputs[] | select(.input == "track.mkv") | .checks[] | select(.measured | contains("more sound tracks"))] | length == 1'
    expect_json made.json '[.outputs[] | select(.input == "range.mkv") | .checks[] | select(.name == "color_range") | .pass] == [false]'
    expect_json made.json '[.outputs[] | select(.input == "rate.mkv") | .checks[] | select(.measured | contains("12.500 pictures a second"))] | length == 1'
}

test_every_picture_of_an_animation_is_compared() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=1:r=4:s=64x64 ref.gif
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=1:r=4:s=64x64,negate=enable='eq(n\,3)' other.gif
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=0.5:r=4:s=64x64 short.gif
    expect_exit 3 rushes check other.gif --against ref.gif
    expect_exit 3 rushes check short.gif --against ref.gif
    expect_said out "it has 2 pictures, the reference 4"
}

test_a_spec_that_takes_no_file_exits_3() {
    mkdir in
    cp "$TINY/tone.wav" in
    printf 'rushes: 1\nfiles: {"*.mp5": {codec: h264}}\n' >spec.yaml
    expect_exit 3 rushes check in --spec spec.yaml
    expect_said out "*.mp5"
    expect_exit 3 rushes check in/tone.wav --spec spec.yaml
    expect_said err "*.mp5"
    expect_said out "nothing is expected of it"
}

test_what_is_no_file_is_no_golden() {
    mkdir golden
    mkfifo golden/tone.wav.golden
    cp "$TINY/tone.wav" .
    expect_exit 3 timeout 20 "$RUSHES" check tone.wav --against golden
    rm golden/tone.wav.golden
    ln -s /dev/zero golden/tone.wav.golden
    expect_exit 3 timeout 20 "$RUSHES" check tone.wav --against golden/tone.wav.golden
    expect_said out "link"
}

test_two_files_of_one_name_are_refused_where_pictures_are_kept() {
    mkdir one two
    cp "$TINY/still.png" one
    cp "$TINY/still.png" two
    expect_exit 2 rushes check one two --against "$TINY/still.png" -o seen
    expect_said err "one after the other"
    expect_exit 0 rushes check one two --against "$TINY/still.png"
}

# --- beside a reference in the same run ---

test_a_run_is_held_to_goldens_and_drift_exits_3_in_all_its_reports() {
    blessed
    expect_exit 0 rushes run p.yaml in -o again --against golden
    expect_exit 0 rushes run p.yaml in -o again --against golden
    expect_said out "compared with golden: 1 output, all as it is"
    sed -i 's/^frame 3 \([^ ]*\) [0-9a-f]*/frame 3 \1 00000000000000000000000000000000/' golden/film/a.mkv.golden
    cp golden/film/a.mkv.golden golden/film/gone.mkv.golden
    expect_exit 3 rushes run p.yaml in -o again --against golden --junit j.xml
    expect_said out "frame 3 at 0.120 s is the first of 1 that differ"
    expect_status again film/a.mkv out_of_spec
    expect_status again film/gone.mkv out_of_spec
    expect_no_file again/.rushes/last/differences/film/a.mkv.difference.png
    grep -q 'frame 3 at 0.120 s' again/.rushes/last/report.html || fail "not on the page"
    grep -q 'frame 3 at 0.120 s' j.xml || fail "not in the JUnit report"
    expect_file again/film/a.mkv
}

test_a_run_is_held_to_masters_by_what_its_pipeline_expects_of_likeness() {
    mkdir -p in masters
    cp "$TINY/clip.mov" in/a.mov
    cp "$TINY/clip.mov" masters/a.mov
    pipeline <<'EOF'
outputs:
  web: {to: "${stem}.mp4", encode: {video: {codec: h264, crf: 30}}, expect: {psnr: at least 20 dB, worst_ssim: at least 0.3}}
EOF
    expect_exit 2 rushes run p.yaml in -o out
    expect_said err "p.yaml:3"
    expect_said err "only known beside a reference"
    expect_exit 0 rushes lint p.yaml
    expect_exit 0 rushes run p.yaml in -o out --against masters
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .psnr_db > 20 and .frame_hashes == "different"'
    grep -q 'Likeness (SSIM)' out/.rushes/last/report.html || fail "no plot of SSIM"
    rushes report out --format html >past.html
    grep -q 'Likeness (SSIM)' past.html || fail "no plot in the report of a past run"
    sed -i 's/at least 20 dB/at least 90 dB/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out --against masters
    expect_said out "psnr: expected at least 90 dB"
}

test_a_run_says_of_a_folder_that_it_is_not_compared() {
    mkdir -p in masters/frames/a
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -an -t 0.2 -c copy in/a.mov
    cp "$TINY/still.png" masters/frames/a/a.0000.png
    pipeline <<'EOF'
outputs:
  frames: {to: "frames/${stem}/${stem}.####.png"}
EOF
    expect_exit 0 rushes run p.yaml in -o out --against masters
    expect_json out/.rushes/last/report.json '[.outputs[] | .checks[] | select(.name == "reference") | .measured] == ["not compared: only media files are"]'
}

test_a_reference_that_is_not_there_is_said_before_anything_is_rendered() {
    lossless
    expect_exit 2 rushes run p.yaml in -o out --against nowhere
    expect_said err "there is no such file"
    expect_no_file out
}

test_measuring_and_comparing_are_one_task_of_a_file() {
    printf 'rushes: 1\nexpect: {decode_errors: 0, loudness: at most 0 LUFS}\n' >spec.yaml
    expect_exit 0 rushes check "$TINY/clip.mov" --spec spec.yaml --against "$TINY/clip.mov" --progress json --json
    ! grep -q '"label":"probe.*measure' "$said/err" || fail "it was measured on its own"
    [ "$(grep -c task_started "$said/err")" = 2 ] || fail "not a probe and a comparison"
    expect_json "$said/out" '.outputs[0].facts | .frame_hashes == "equal" and .decode_errors == 0 and .null_rms_dbfs == -200'
}

test_what_could_not_be_compared_is_measured_all_the_same() {
    mkdir in masters
    cp "$TINY/tone.wav" in/a.wav
    cp "$TINY/tone.wav" in/b.wav
    cp "$TINY/tone.wav" masters/a.wav
    printf 'rushes: 1\nexpect: {decode_errors: 0}\n' >spec.yaml
    rushes check in --spec spec.yaml --against masters --json >made.json || true
    expect_json made.json '[.outputs[] | .facts.decode_errors] == [0, 0]'
}

# --- what a golden and a comparison tell apart ---

test_films_with_palettes_and_of_floats_equal_themselves() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=0.3:r=10:s=64x48 -c:v png -pix_fmt pal8 pal.mov
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=0.3:r=10:s=64x48,negate -c:v png -pix_fmt pal8 other.mov
    printf 'rushes: 1\nexpect: {frame_hashes: equal}\n' >strict.yaml
    expect_exit 0 rushes check pal.mov --spec strict.yaml --against pal.mov
    expect_exit 3 rushes check other.mov --spec strict.yaml --against pal.mov
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=0.3:r=10:s=64x48 -pix_fmt gbrpf32le -c:v exr float.mkv
    expect_exit 0 rushes check float.mkv --spec strict.yaml --against float.mkv
}

test_goldens_of_floats_have_cells() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc=d=0.3:r=10:s=64x48 -pix_fmt gbrpf32le -c:v exr in/film.mkv
    pipeline <<'EOF'
outputs:
  copy: {to: "${stem}.mkv", encode: {video: copy}}
EOF
    expect_exit 0 rushes bless p.yaml in --golden golden
    grep -q '^frame 0 .*[1-9a-f][0-9a-f]*$' golden/film.mkv.golden || fail "no frames"
    ! grep '^frame 0' golden/film.mkv.golden | grep -q ' 0*$' || fail "its cells are empty"
}

test_a_second_track_that_differs_is_not_its_golden() {
    mkdir in
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -i "$TINY/clip.mov" -map 0:v -map 0:a -map 1:a -c copy in/a.mov
    pipeline <<'EOF'
outputs:
  film: {to: "${stem}.mkv", encode: {video: {codec: ffv1}, audio: {codec: flac}}}
EOF
    expect_exit 0 rushes bless p.yaml in --golden golden
    [ "$(grep -c ^sound golden/a.mkv.golden)" = 2 ] || fail "not two tracks"
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes check out --against golden
    ffmpeg -nostdin -v error -i out/a.mkv -map 0 -c copy -c:a:1 flac -filter:a:1 volume=0.5 quiet.mkv
    mv quiet.mkv out/a.mkv
    expect_exit 3 rushes check out --against golden
    expect_said out "sound 2: expected"
    ! grep -q "sound: expected" "$said/out" || fail "the first track differs, too"
}

test_the_worst_frame_is_told_by_its_timecode() {
    ffmpeg -nostdin -v error -i "$TINY/clip.mov" -an -c:v ffv1 plain.mkv
    one_code_off plain.mkv changed.mkv
    ffmpeg -nostdin -v error -i changed.mkv -c:v prores_ks -timecode 10:00:00:00 coded.mov
    rushes check changed.mkv --against plain.mkv --json >plain.json || true
    expect_json plain.json '.outputs[0].facts | .worst_frame == 12 and .worst_timecode == "0.480 s"'
    rushes check coded.mov --against plain.mkv --json >coded.json || true
    expect_json coded.json '.outputs[0].facts.worst_timecode | test("^10:00:00:[0-9][0-9]$")'
}

# A hook of the first run changes the source before the second.
test_bless_refuses_what_is_not_the_same_in_two_renders() {
    lossless
    ffmpeg -nostdin -v error -i in/a.mov -vf negate -c:v prores_ks other.mov
    printf 'hooks: {end: [cp, "%s/other.mov", "%s/in/a.mov"]}\n' "$PWD" "$PWD" >>p.yaml
    expect_exit 3 rushes bless p.yaml in --golden golden
    expect_said err "film/a.mkv can't be blessed: frame 0 at 0.000 s isn't the same in two renders"
    expect_no_file golden
}

test_what_a_render_that_is_not_blessed_says_is_there() {
    lossless
    sed -i '/^ *film:/s/{/{expect: {width: 1}, /' p.yaml
    export TMPDIR=$PWD
    expect_exit 3 rushes bless p.yaml in --golden golden
    expect_file "$(sed -n 's/.*kept for looking at as //p' "$said/err")"
    expect_file "$(sed -n 's/^report: //p' "$said/err")"
    expect_no_file golden
}

test_colours_of_stills_differ_by_ciede2000() {
    ffmpeg -nostdin -v error -i "$TINY/still.png" -vf "lutrgb=r=min(val+8\,255)" red.png
    rushes check red.png --against "$TINY/still.png" --json >made.json || true
    expect_json made.json '.outputs[0].facts | .delta_e > 0.1 and .delta_e < 6 and .delta_e_max >= .delta_e'
    rushes check "$TINY/still.png" --against "$TINY/still.png" --json >same.json
    expect_json same.json '.outputs[0].facts | .delta_e == 0 and .delta_e_max == 0'
}

test_the_log_that_a_message_names_is_kept() {
    ffmpeg -nostdin -v error -stream_loop 300 -i "$TINY/clip.mov" -c copy long.mov
    printf '#!/bin/sh\n[ "$1" = --serve ] && (while sleep 0.3; kill -0 $$; do pkill -SEGV -P $$ rushes-worker; done) &\nexec "%s" "$@"\n' "$WORKER" >worker
    chmod +x worker
    rushes check long.mov --worker ./worker --json >made.json || true
    log=$(jq -r '.outputs[0].error.message' made.json | sed -n 's/.*its log: //p')
    expect_file "${log:-nothing, and no log is named}"
    rm -r "$(dirname "$(dirname "$log")")"
}
