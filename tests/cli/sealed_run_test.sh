# Runs and seals: inputs that are sealed are held against the seal, outputs are sealed.
# Label: media

TINY=$FILES/tiny

still_pipeline() {
    pipeline <<'Y'
vars: {edge: 32}
jobs:
  stills:
    inputs: {include: ["**/*.png"]}
    outputs:
      small: {steps: [resize: {width: "${edge}"}], encode: {image: {format: jpeg}}, to: "${stem}.jpg"}
Y
    mkdir -p in/card
    cp "$TINY/still.png" in/card/a.png
    cp "$TINY/still.png" in/card/b.png
}

# Other content of the same length and time, which no stamp shows.
damage() {
    touch -r "$1" stamp
    printf 'x' | dd of="$1" bs=1 seek=$(($(stat -c %s "$1") - 20)) conv=notrunc 2>/dev/null
    touch -r stamp "$1"
}

test_input_that_differs_from_its_seal_fails_alone() {
    still_pipeline
    expect_exit 0 rushes seal in/card
    damage in/card/a.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out card/a.png input_damaged
    expect_status out b.jpg done
    expect_said out "ascmhl/0001_card"
}

test_seal_without_its_chain_is_a_damaged_one() {
    still_pipeline
    expect_exit 0 rushes seal in/card
    rm in/card/ascmhl/ascmhl_chain.xml
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out card/a.png input_damaged
    expect_said out "has no ascmhl_chain.xml"
    expect_exit 3 rushes seal --verify in/card
    expect_said err "has no ascmhl_chain.xml"
}

test_input_is_compared_in_the_format_that_was_recorded() {
    still_pipeline
    expect_exit 0 rushes seal in --hash md5
    damage in/card/a.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_said out "its md5 is $(md5sum <in/card/a.png | cut -d' ' -f1)"
    expect_status out b.jpg done
}

test_each_of_numbered_pictures_is_compared() {
    pipeline <<'Y'
inputs: {include: ["shot.####.png"], fps: 25}
outputs:
  film: {encode: {container: mkv, video: {codec: ffv1}}, to: shot.mkv}
Y
    mkdir in
    local n
    for n in 1001 1002 1003; do cp "$TINY/still.png" in/shot.$n.png; done
    expect_exit 0 rushes seal in
    expect_exit 0 rushes run p.yaml in -o out
    damage in/shot.1002.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_said out "shot.1002.png: it isn't the file that was sealed"
}

test_seal_that_was_changed_fails_what_it_knows() {
    still_pipeline
    expect_exit 0 rushes seal in/card
    sed -i 's/a\.png/c.png/' in/card/ascmhl/*.mhl
    expect_exit 1 rushes run p.yaml in -o out
    expect_said out "changed after it was written"
    expect_error out card/b.png input_damaged
}

test_outputs_are_sealed_once_and_verify() {
    still_pipeline
    sed -i '1achecksums: mhl' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes seal --verify out
    expect_said out "2 same"
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ls out/ascmhl/*.mhl | wc -l)" = 1 ] || fail "sealed again though nothing was made"
    cp "$TINY/still.png" in/card/c.png
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(grep -c '<path size' out/ascmhl/0002*)" = 1 ] || fail "not only what is new"
    expect_exit 0 rushes seal --verify out
    expect_said out "3 same"
}

test_output_made_anew_begins_another_seal() {
    still_pipeline
    sed -i '1achecksums: mhl' p.yaml
    mkdir out
    echo readme >out/readme.txt
    expect_exit 0 rushes seal out
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out --set edge=48
    expect_exit 0 rushes seal --verify out
    expect_said out "3 same"
    [ "$(ls out/ascmhl/*.mhl | wc -l)" = 1 ] || fail "no other seal was begun"
    [ "$(ls out/.rushes/runs/*/ascmhl/*.mhl | wc -l)" = 2 ] || fail "the seal of before is gone"
}

test_checksums_of_md5_and_sha1_are_taken_by_their_programs() {
    still_pipeline
    local format
    for format in md5 sha1; do
        sed "1achecksums: $format" p.yaml >"$format.yaml"
        expect_exit 0 rushes run "$format.yaml" in -o out
        (cd out && ${format}sum --strict -c CHECKSUMS.$format) >/dev/null || fail "$format: not so"
        [ "$(wc -l <out/CHECKSUMS.$format)" = 2 ] || fail "$format: not both"
    done
}

test_output_made_anew_is_found_in_a_seal_of_another_format() {
    still_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes seal out --hash md5
    sed -i '1achecksums: mhl' p.yaml
    expect_exit 0 rushes run p.yaml in -o out --set edge=48
    expect_exit 0 rushes seal --verify out
    expect_said out "2 same"
}

test_input_is_asked_of_the_nearest_seal_that_knows_it() {
    still_pipeline
    expect_exit 0 rushes seal in
    mv in/card/a.png in/card/b.png .
    cp b.png in/card/c.png
    expect_exit 0 rushes seal in/card
    mv a.png b.png in/card/
    damage in/card/a.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_error out card/a.png input_damaged
    expect_status out b.jpg done
}
