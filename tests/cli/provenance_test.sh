# What is written beside an output of where it comes from, and making it again from that.
# Label: media

TINY=$FILES/tiny

# One still of a preset of the house, with --provenance, in out/a/x.jpg.
published() {
    mkdir -p in/a presets
    cp "$TINY/still.png" in/a/x.png
    cp "$TINY/still.png" in/a/y.png
    cat >presets/house.yaml <<'Y'
rushes: 1
name: house
description: ours
source: house specification
extends: jpeg-web
encode: {image: {quality: 80}}
Y
    pipeline <<'Y'
vars: {edge: 32}
jobs:
  stills:
    inputs: {include: ["**/*.png"]}
    outputs:
      small: {preset: house, steps: [resize: {width: "${edge}"}], to: "${dir}/${stem}.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o out --set edge=40 --provenance
}

sidecar=out/a/x.jpg.rushes.json

test_sidecar_tells_where_an_output_comes_from() {
    published
    expect_json $sidecar ".xxh128 == $(jq '.outputs[0].facts.hash' out/.rushes/last/report.json)"
    expect_json $sidecar "[.inputs[].path] == [\"$PWD/in/a/x.png\"]"
    expect_json $sidecar '.pipeline[0].text | startswith("rushes: 1")'
    expect_json $sidecar '[.pipeline[].path | split("/") | last] == ["p.yaml", "house.yaml", "jpeg-web.yaml"]'
    expect_json $sidecar '.settings | index("resize.width = 40  (p.yaml:7:54)") != null'
    expect_json $sidecar '.steps | map(startswith("resized 640x360 to 40x23")) | any'
    expect_json $sidecar '.facts.width == 40 and (.checks | length) == 2'
}

test_output_that_was_made_without_gets_a_sidecar_when_it_is_up_to_date() {
    published
    cp $sidecar before.json
    rm $sidecar
    expect_exit 0 rushes run p.yaml in -o out --set edge=40
    expect_no_file $sidecar
    expect_exit 0 rushes run p.yaml in -o out --set edge=40 --provenance
    expect_status out a/x.jpg up_to_date
    expect_json $sidecar ".xxh128 == $(jq .xxh128 before.json) and .inputs == $(jq -c .inputs before.json)"
    jq '.settings | map(select(startswith("from ") | not))' before.json >before.txt
    jq '.settings | map(select(startswith("from ") | not))' $sidecar | diff before.txt - || fail "other settings"
    expect_exit 0 rushes rerender $sidecar -o again
}

test_name_that_is_too_long_for_a_sidecar_is_noted_and_holds_up_nothing() {
    mkdir in
    local long
    long=$(printf 'a%.0s' $(seq 246))
    cp "$TINY/still.png" "in/$long.png"
    cp "$TINY/still.png" in/b.png
    expect_exit 0 rushes run jpeg-web in -o out --provenance -n
    expect_said out "its name is too long for a .rushes.json beside it"
    expect_exit 0 rushes run jpeg-web in -o out --provenance
    expect_file "out/$long.jpg"
    expect_file out/b.jpg.rushes.json
    expect_json out/.rushes/last/report.json '.notes | map(contains("too long for a .rushes.json")) | any'
    expect_exit 0 rushes run jpeg-web in -o out --provenance
}

test_pipeline_asks_for_sidecars_too() {
    published
    rm -r out
    sed -i '1aprovenance: sidecar' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_file $sidecar
    expect_exit 0 rushes run p.yaml in -o out
}

test_output_is_made_again_the_same() {
    published
    expect_exit 0 rushes rerender $sidecar -o again
    expect_said out "identical: a/x.jpg"
    cmp out/a/x.jpg again/a/x.jpg || fail "it isn't"
    expect_no_file again/a/y.jpg
}

test_what_is_different_is_named() {
    published
    sed -i 's/80/50/' presets/house.yaml
    expect_exit 3 rushes rerender $sidecar -o again
    expect_said out "presets/house.yaml: then"
    expect_said out "settings: then"
}

test_without_a_difference_to_name_the_encoder_is() {
    published
    jq '.xxh128 = "00000000000000000000000000000000"' $sidecar >other.rushes.json
    expect_exit 3 rushes rerender other.rushes.json -o again
    expect_said out "nothing it depends on differs; an encoder with several threads may differ"
    sed -i 's/80/50/' presets/house.yaml
    expect_exit 3 rushes rerender other.rushes.json -o more
    ! grep -q "nothing it depends on differs" "$said/out" || fail "a preset does"
}

test_rerender_shows_its_progress_as_run_does() {
    published
    expect_exit 0 rushes rerender $sidecar -o again --progress json
    grep -q '^{' "$said/err" || fail "no progress in JSON: $(cat "$said/err")"
    expect_exit 0 rushes rerender $sidecar -o more --progress none
    [ ! -s "$said/err" ] || fail "it shows progress: $(cat "$said/err")"
    expect_exit 0 rushes resume out --progress none
}

test_source_that_changed_is_named() {
    published
    python3 - in/a/x.png <<'P'
import sys, zlib, struct
# A grey picture of the same size.
rows = b"".join(b"\0" + b"\x80" * 640 for _ in range(360))
chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 360, 8, 0, 0, 0, 0))
                              + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
P
    expect_exit 3 rushes rerender $sidecar -o again
    expect_said out "$PWD/in/a/x.png: then"
}

test_of_numbered_pictures_those_that_differ_are_named() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=32x16:r=24:d=0.2 in/s.%04d.png
    pipeline <<'Y'
inputs: {include: ["s.####.png"], fps: 24}
outputs: {frames: {to: "f/${stem}/f.####.png"}}
Y
    expect_exit 0 rushes run p.yaml in -o out --provenance
    expect_exit 0 rushes rerender out/f/s.rushes.json -o again
    expect_said out "identical: f/s"
    cp in/s.0002.png in/s.0004.png
    touch -d "+2 seconds" in/s.0004.png
    expect_exit 3 rushes rerender out/f/s.rushes.json -o more
    expect_said out "1 of its 5 files differs, the first is f.1004.png"
    expect_said out "s.####.png: 1 of its 5 pictures was written since, the first is s.0004.png"
}

test_changed_pipeline_is_taken_from_the_sidecar() {
    published
    sed -i 's/width:/height:/' p.yaml
    expect_exit 0 rushes rerender $sidecar -o again
    expect_said err "its text of then is taken"
}

test_hooks_of_a_sidecar_are_not_called() {
    published
    jq '.pipeline[0].text |= sub("vars:"; "hooks: {end: [touch, '"$PWD"'/called]}\nvars:")' $sidecar >evil.json
    expect_exit 0 rushes rerender evil.json -o again
    expect_no_file called
}

test_what_is_no_sidecar_exits_2() {
    published
    echo '{"path": "a"}' >a.json
    expect_exit 2 rushes rerender a.json
    expect_said err "it lacks what is needed"
    jq '.path = "../x.jpg"' $sidecar >b.json
    expect_exit 2 rushes rerender b.json
    expect_exit 2 rushes rerender nothing.json
    expect_exit 2 rushes rerender $sidecar -o out
    expect_said err "name another folder"
}

test_source_that_is_gone_exits_4() {
    published
    rm -r in
    expect_exit 4 rushes rerender $sidecar -o again
}

test_sidecars_are_sealed_with_their_outputs() {
    published
    rm -r out
    sed -i '1achecksums: mhl' p.yaml
    expect_exit 0 rushes run p.yaml in -o out --provenance
    expect_exit 0 rushes seal --verify out
    expect_said out "4 same"
}

test_rerender_never_writes_over_what_it_compares_with() {
    published
    ln -s "$PWD/out" link
    cp $sidecar away.json
    local before
    before=$(fingerprint out/a)
    expect_exit 2 rushes rerender $sidecar -o link
    expect_exit 2 rushes rerender away.json -o out
    expect_said err "was made there already"
    [ "$(fingerprint out/a)" = "$before" ] || fail "something was written"
    jq '.pipeline[0].path = "/nowhere/ledger.sqlite"' $sidecar >evil.json
    expect_exit 0 rushes rerender evil.json -o again
    [ "$(find again -name 'rerender*')" = "" ] || fail "the copy was left"
}

test_hostile_sidecars_are_refused_at_once() {
    published
    head -c 200000 /dev/zero | tr '\0' '[' >deep.json
    expect_exit 2 rushes rerender deep.json
    (printf '/*"*/' && cat deep.json) >comment.json
    expect_exit 2 rushes rerender comment.json
    mkfifo fifo.json
    expect_exit 2 rushes rerender fifo.json
    expect_exit 2 rushes rerender /dev/zero
    jq '.inputs[0].root = "/"' $sidecar >wide.json
    rushes rerender wide.json -o again >wide.out 2>&1 || true
    ! grep -q "can't be read" wide.out || fail "other folders were looked into"
}

test_outputs_of_presets_and_of_outputs_are_made_again() {
    published
    expect_exit 0 rushes run jpeg-web in -o one --provenance
    find one -name '*.rushes.json' | head -n 1 >first
    expect_exit 0 rushes rerender "$(cat first)" -o again
    pipeline <<'Y'
jobs:
  stills:
    inputs: {include: ["**/x.png"]}
    outputs:
      large: {preset: house, to: "${stem}-large.jpg"}
      small: {from: large, preset: house, steps: [resize: {width: 40}], to: "${stem}-small.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o two --provenance
    expect_exit 0 rushes rerender two/x-small.jpg.rushes.json -o more
}

test_sidecar_of_another_run_does_not_stay_beside_a_new_output() {
    published
    expect_exit 0 rushes run p.yaml in -o out --set edge=48
    expect_no_file $sidecar
}
