# `loudness` from a pipeline to the report: promises, groups, films.
# Label: media

# tone FILE SECONDS LEVEL: a stereo sine of 1 kHz at LEVEL dBFS, which is as many LUFS
# (EBU Tech 3341, case 1)
tone() {
    local amplitude
    amplitude=$(awk "BEGIN { print 10 ^ ($3 / 20) }")
    ffmpeg -nostdin -v error -y -f lavfi \
        -i "aevalsrc=$amplitude*sin(2*PI*1000*t)|$amplitude*sin(2*PI*1000*t):s=48000:d=$2" -c:a pcm_f32le "$1"
}

# lufs FILE
lufs() { "$RUSHES" probe --measure --json "$1" | jq '.[0].integrated_lufs'; }

# near NUMBER NUMBER TOLERANCE
near() { awk "BEGIN { d = $1 - $2; exit !(d <= $3 && d >= -$3) }" || fail "$1 is not $2 within $3"; }

# What misses its target is out of spec, whatever the pipeline expects, and is not published.
test_a_lowered_output_is_out_of_spec() {
    mkdir in
    tone in/loud.wav 3 -6
    cat > p.yaml <<'END'
rushes: 1
steps: [loudness: {target: -5 LUFS, true_peak: -5.5 dBTP, on_peak: lower}]
encode: {container: wav}
END
    expect_exit 3 rushes run p.yaml in -o out
    expect_status out loud.wav out_of_spec
    expect_no_file out/loud.wav
    expect_said out "lowered by 0.5 dB, to -5.5 LUFS"
    sed -i 's/on_peak/tolerance: 1 LU, on_peak/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out loud.wav done
}

# A13: average, loudest and reference give one gain to all; the average is energy-gated.
group() {
    cat > "$1.yaml" <<END
rushes: 1
steps: [loudness: {target: -20 LUFS, $2}]
encode: {container: wav, audio: {codec: pcm_f32le}}
END
    expect_exit 0 rushes run "$1.yaml" stems -o "$1"
    near "$(lufs "$1/loud.wav")" "$3" 0.1
    awk "BEGIN { d = $(lufs "$1/loud.wav") - $(lufs "$1/soft.wav") - 10; exit !(d < 0.0001 && d > -0.0001) }" ||
        fail "$1: the members' balance changed"
}

test_a13_members_of_a_group_keep_their_balance() {
    mkdir stems
    tone stems/loud.wav 30 -20
    tone stems/soft.wav 30 -30
    group average "group: average" -17.4
    group loudest "group: loudest" -20
    group reference 'group: reference, reference: "soft*"' -10
    expect_json reference/.rushes/last/report.json \
        '.outputs | all(.steps | any(startswith("loudness of the group (reference): -29.99 LUFS")))'
}

test_a_group_that_changes_is_made_again() {
    mkdir stems
    tone stems/loud.wav 2 -20
    tone stems/soft.wav 2 -30
    printf 'rushes: 1\nsteps: [loudness: {group: loudest}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 0 rushes run p.yaml stems -o out
    expect_exit 0 rushes run p.yaml stems -o out
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 2'
    rm out/soft.wav
    expect_exit 0 rushes run p.yaml stems -o out
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 1 and .totals.done == 1'
    near "$(lufs out/soft.wav)" -33 0.1
    tone stems/louder.wav 2 -10
    expect_exit 0 rushes run p.yaml stems -o out
    expect_json out/.rushes/last/report.json '.totals.done == 3'
    near "$(lufs out/soft.wav)" -43 0.1
}

# Who leads is part of it, and so is who is a member.
test_another_leader_is_another_group() {
    mkdir stems
    tone stems/dialogue.wav 2 -20
    tone stems/music.wav 2 -30
    tone stems/fx.wav 2 -26
    printf 'rushes: 1\nsteps: [loudness: {group: reference, reference: "dialogue*"}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 0 rushes run p.yaml stems -o out
    near "$(lufs out/fx.wav)" -29 0.1
    mv stems/dialogue.wav stems/speech.wav
    mv stems/music.wav stems/dialogue.wav
    expect_exit 0 rushes run p.yaml stems -o out
    near "$(lufs out/fx.wav)" -19 0.1
    near "$(lufs out/speech.wav)" -13 0.1
}

test_a_condition_changes_the_group() {
    mkdir stems
    tone stems/loud.wav 3 -20
    tone stems/soft.wav 5 -30
    printf 'rushes: 1\nsteps: [loudness: {group: loudest}]\noutputs: {a: {when: duration > 2s, encode: {container: wav}}}\n' > p.yaml
    expect_exit 0 rushes run p.yaml stems -o out
    near "$(lufs out/soft.wav)" -33 0.1
    sed -i 's/2s/4s/' p.yaml
    expect_exit 0 rushes run p.yaml stems -o out
    near "$(lufs out/soft.wav)" -23 0.1
}

test_a_group_of_mono_files_is_heard_as_one_is() {
    mkdir stems
    ffmpeg -nostdin -v error -f lavfi -i "aevalsrc=0.1*sin(2*PI*1000*t):s=48000:d=3" -c:a pcm_f32le stems/a.wav
    for group in none average loudest; do
        printf "rushes: 1\nsteps: [loudness: {target: -16 LUFS, dual_mono: yes, group: $group}]\nencode: {container: wav}\n" > p.yaml
        expect_exit 0 rushes run p.yaml stems -o $group
        near "$(lufs $group/a.wav)" -19.01 0.1
    done
}

test_a_watch_folder_has_no_groups() {
    mkdir in
    printf 'rushes: 1\nsteps: [loudness: {group: loudest}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 2 rushes watch p.yaml in -o out
    expect_said err 'a watch folder never has them all'
}

# A quick look still hears the whole sound.
test_quick_verification_holds_a_promise() {
    mkdir in
    tone in/loud.wav 3 -6
    printf 'rushes: 1\nsteps: [loudness: {target: -5 LUFS, true_peak: -5.5 dBTP}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 3 rushes run p.yaml in -o out --verify quick
    expect_status out loud.wav out_of_spec
}

# A reference that can't be read fails its group, and not the run's other jobs.
test_a_damaged_reference_fails_its_group() {
    mkdir stems
    tone stems/music.wav 2 -30
    head -c 5000 /dev/urandom > stems/dialogue.wav
    printf 'rushes: 1\nsteps: [loudness: {group: reference, reference: "dialogue*"}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 1 rushes run p.yaml stems -o out
    expect_said out "its reference couldn't be measured"
}

# One member that can't be read doesn't stop the others.
test_a_group_goes_on_without_a_damaged_member() {
    mkdir stems
    tone stems/a.wav 3 -20
    tone stems/b.wav 3 -30
    ffmpeg -nostdin -v error -i stems/a.wav -c:a flac stems/c.flac
    truncate -s $(($(stat -c %s stems/c.flac) * 6 / 10)) stems/c.flac
    printf 'rushes: 1\nsteps: [loudness: {group: loudest}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 1 rushes run p.yaml stems -o out
    expect_status out a.wav done
    expect_status out b.wav done
    expect_error out c.flac input_damaged
    near "$(lufs out/b.wav)" -33 0.1
}

test_a_reference_that_isnt_there_is_an_error() {
    mkdir stems
    tone stems/a.wav 1 -20
    printf 'rushes: 1\nsteps: [loudness: {group: reference, reference: "dialogue*"}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 2 rushes run p.yaml stems -o out
    expect_said err 'loudness.reference: no input of job'
    expect_said err 'dialogue*'
    printf 'rushes: 1\nsteps: [loudness: {group: reference}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 2 rushes lint p.yaml
    expect_said err 'needs the name of the `reference`'
}

# A silent film keeps its level, is said to, and is in spec; unless that is forbidden.
test_silence_is_unmeasurable_and_says_so() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i anullsrc=r=48000:cl=stereo -t 2 in/silent.wav
    printf 'rushes: 1\nsteps: [loudness: -23 LUFS]\nencode: {container: wav}\n' > p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].steps | any(startswith("loudness can'"'"'t be measured"))'
    expect_json out/.rushes/last/report.json '.outputs[0].facts.integrated_lufs == null'
    printf 'rushes: 1\nsteps: [loudness: {target: -23 LUFS, unmeasurable: fail}]\nencode: {container: wav}\n' > p.yaml
    expect_exit 1 rushes run p.yaml in -o out2
    expect_error out2 silent.wav config
}

# The sound of a film is corrected for its codec, and the picture isn't touched.
test_a_film_lands_as_it_is_heard() {
    mkdir in
    cp "$FILES/tiny/film.mp4" in/
    printf 'rushes: 1\nsteps: [loudness: {target: -16 LUFS, on_peak: limit}]\nencode: {container: mp4}\n' > p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].steps | any(startswith("loudness as it is heard")) and any(. == "picture copied unchanged")'
    near "$(lufs out/film.mp4)" -16 0.3
    local was is
    was=$(ffprobe -v error -select_streams v -show_entries packet=data_hash -show_data_hash md5 -of csv in/film.mp4)
    is=$(ffprobe -v error -select_streams v -show_entries packet=data_hash -show_data_hash md5 -of csv out/film.mp4)
    [ "$was" = "$is" ] || fail "the picture changed"
}
