# `each: job`: several inputs become one output.
# Label: media

# tone FILE SECONDS FREQUENCY [OPTION…]: a sine at -20 dBFS
tone() {
    ffmpeg -nostdin -v error -y -f lavfi -i "aevalsrc=0.1*sin(2*PI*$3*t)|0.1*sin(2*PI*$3*t):s=48000:d=$2" "${@:4}" "$1"
}

joined() {
    mkdir in
    tone in/part1.wav 1 440
    tone in/part2.wav 2 880
    tone in/part10.wav 0.5 220
    pipeline <<'Y'
jobs:
  episode:
    inputs: {include: ["*.{wav,mov,mp4,mp3,png}"]}
    outputs:
      whole: {each: job, encode: {container: wav}}
Y
}

# samples FILE: of its first channel, as whole numbers
samples() { ffmpeg -nostdin -v error -i "$1" -map 0:a -f s16le -ac 2 -ar 48000 -; }

expect_whole() {
    samples out/episode.wav | cmp - <(for part in "$@"; do samples "in/$part"; done) ||
        fail "episode.wav is not $*, one after another"
}

test_parts_are_joined_in_the_order_of_their_numbers() {
    joined
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "from part1.wav and 2 more"
    expect_said out "2. part2.wav"
    expect_said out "3. part10.wav"
    expect_exit 0 rushes plan p.yaml in -o out --json
    expect_json "$said/out" '.outputs[0].parts == ["part1.wav", "part2.wav", "part10.wav"]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_whole part1.wav part2.wav part10.wav
    expect_json out/.rushes/last/report.json '.outputs | length == 1 and (.[0].facts.duration == 3.5)'
    expect_nothing_left_over out
}

test_a_second_run_is_up_to_date_and_a_changed_part_makes_it_again() {
    joined
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out episode.wav up_to_date
    tone in/part10.wav 0.5 330
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out episode.wav done
    expect_json out/.rushes/last/report.json '.outputs[0].reason | startswith("the source changed")'
    tone in/part3.wav 0.5 330
    expect_exit 0 rushes run p.yaml in -o out
    expect_whole part1.wav part2.wav part3.wav part10.wav
    mv in/part1.wav in/part4.wav
    expect_exit 0 rushes run p.yaml in -o out
    expect_whole part2.wav part3.wav part4.wav part10.wav
}

test_a_part_that_is_cut_short_fails_the_whole_by_name() {
    joined
    truncate -s 100000 in/part2.wav
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "input_damaged" and (.message | startswith("part2.wav: "))'
    expect_no_file out/episode.wav
    expect_nothing_left_over out
    sed -i 's/^    outputs/    damaged: allow\n    outputs/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].steps | any(startswith("the source is damaged: part2.wav: "))'
}

test_a_part_that_is_no_media_file_fails_the_whole_by_name() {
    joined
    echo "no sound" > in/part2.wav
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "unsupported" and (.message | startswith("part2.wav: "))'
}

# The whole lands on its target in every container; stills are passed over, a film gives its sound.
test_films_and_mp3_are_joined_on_the_target() {
    joined
    cp "$FILES/tiny/clip.mov" in/part3.mov
    cp "$FILES/tiny/still.png" in/
    tone in/part4.mp3 2 660 -ar 44100 -ac 1
    sed -i 's/^    outputs/    steps: [trim: {from: 0.25s}, loudness: -20 LUFS]\n    outputs/' p.yaml
    cat >> p.yaml <<'Y'
      feed: {each: job, encode: {container: mp3}, to: feed.mp3}
      web: {from: whole, encode: {container: m4a}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | length == 3 and all(.status == "done")'
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | select(.path != "episode_web.m4a") | .checks | any(.name == "loudness" and .pass)] == [true, true]'
    expect_json out/.rushes/last/report.json \
        '.outputs[0].lost | any(startswith("part3.mov: the picture"))'
    expect_file out/episode_web.m4a
}

test_what_arrives_one_by_one_is_not_joined() {
    joined
    expect_exit 2 rushes watch p.yaml in -o out
    expect_said err "a watch folder never has them all"
}
