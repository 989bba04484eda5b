# Tags of Matroska: of the film, its tracks, and what no output has. mkvmerge writes them, ffprobe reads them.
# Label: media

REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }
tag() { ffprobe -v error -show_entries "$2" -of csv=p=0 "$1"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }

# simple NAME TEXT MORE, of Matroska's tags
simple() { echo "<Simple><Name>$1</Name><String>$2</String>${3-}</Simple>"; }

# tagged FILE: with tags of each sort that Matroska has
tagged() {
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v libx264 film.mkv
    {
        echo '<Tags><Tag><Targets/>'
        simple TITLE Film
        simple DIRECTOR Someone
        simple ACTOR One "$(simple CHARACTER Other)"
        simple ACTOR Two
        echo '</Tag><Tag><Targets><TargetTypeValue>50</TargetTypeValue><TargetType>MOVIE</TargetType></Targets>'
        simple GENRE Drama
        echo '</Tag><Tag><Targets><TargetTypeValue>70</TargetTypeValue></Targets>'
        simple TITLE Series
        echo '</Tag><Tag><Targets><TrackUID>1</TrackUID></Targets>'
        simple COMMENT nowhere
        echo '</Tag></Tags>'
    } >tags.xml
    echo "<Tags><Tag><Targets/>$(simple LENS '50 mm')</Tag></Tags>" >track.xml
    mkvmerge -q -o "$1" --title 'My title' --global-tags tags.xml --tags 0:track.xml film.mkv
}

# tags_carried: what and fate of each row of them
tags_carried() { jq -c '[.outputs[0].carried[] | select(.keep == "tags") | [.what, .fate]]' $REPORT; }

test_tags_of_matroska_that_are_not_of_the_film_are_told() {
    mkdir in
    tagged in/a.mkv
    pipeline <<'Y'
outputs: {o: {to: a.mkv, keep: tags}}
Y
    expect_exit 3 rushes run p.yaml in -o out
    expect "$(tags_carried)" \
        '[["tags of other levels (TITLE)","dropped"],["tags inside others (ACTOR/CHARACTER)","dropped"],["tags of a name that is given again (TITLE, ACTOR)","dropped"],["tags of editions, or of what isn'\''t in the file (COMMENT)","dropped"],["tags","kept"],["tags of tracks","kept"]]' \
        carried
}

test_the_title_of_a_matroska_is_its_segment_s_and_its_tags_are_the_film_s() {
    mkdir in
    tagged in/a.mkv
    expect "$(rushes probe --json in/a.mkv | jq -r '.[0].title')" 'My title' probe
    pipeline <<'Y'
outputs: {o: {to: a.mkv}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(tag out/a.mkv format_tags=title)" 'My title' title
    expect "$(tag out/a.mkv format_tags=DIRECTOR,GENRE)" Drama,Someone 'tags of the film'
    expect "$(tag out/a.mkv stream_tags=LENS)" '50 mm' 'tag of the track'
}

test_tags_of_a_track_that_mp4_has_no_place_for_are_told() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v libx264 -metadata:s:v LENS='50 mm' -metadata:s:v BPS-eng=1 in/a.mkv
    pipeline <<'Y'
outputs: {o: {to: a.mp4}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '[.outputs[0].carried[] | select(.what == "tags of tracks") | [.before, .fate]] == [["LENS", "dropped"]]'
}

test_tags_that_no_output_has_are_no_loss_where_a_step_takes_all_away() {
    mkdir in
    tagged in/a.mkv
    pipeline <<'Y'
outputs: {o: {steps: [metadata: {strip: true}], to: a.mkv, keep: tags}}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

test_tags_of_matroska_that_a_file_of_sound_has_no_place_for_are_told() {
    mkdir in
    ff -f lavfi -i sine=duration=1 -c:a flac sound.mka
    echo "<Tags><Tag><Targets><TargetTypeValue>60</TargetTypeValue></Targets>$(simple PART_NUMBER 2)</Tag></Tags>" >tags.xml
    mkvmerge -q -o in/a.mka --global-tags tags.xml sound.mka
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: a.wav, keep: tags}}
Y
    expect_exit 3 rushes run p.yaml in -o out
    expect "$(tags_carried)" '[["tags of other levels (PART_NUMBER)","dropped"]]' carried
}

# Names of Matroska are capitals, those of `metadata` and of WAV aren't.
test_names_of_tags_are_the_same_in_either_case() {
    mkdir in
    ff -f lavfi -i sine=duration=1:sample_rate=48000 -c:a flac -metadata ARTIST=Ada -metadata GENRE=Jazz in/a.mka
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  kept: {to: kept.wav, keep: tags}
  set: {to: set.wav, steps: [metadata: {artist: ""}], keep: tags}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '[.outputs[].lost[]? | select(startswith("tags"))] == []'
    expect "$(tag out/kept.wav format_tags=artist,genre)$(tag out/set.wav format_tags=artist,genre)" Ada,JazzJazz tags
}
