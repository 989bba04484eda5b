# Small files that claim to be large are refused before memory is taken for them.
# Label: media

HERE=$SOURCE/tests/sandbox

# expect_small FOLDER MEGABYTES: what every task of its last run took
expect_small() {
    local result
    for result in "$1"/.rushes/last/{probes,tasks}/*/result.json; do
        expect_json "$result" ".peak_bytes < $2 * 1000000"
    done
}

test_pictures_of_a_few_bytes_are_refused() {
    mkdir in
    python3 "$HERE/bombs.py" in
    pipeline <<'Y'
inputs: {include: ["*.{png,gif,webp,tif,exr,jpg}"]}
outputs: {o: {encode: {image: {format: png}}, to: "${name}.png"}}
Y
    expect_exit 1 rushes run p.yaml in -o out --retries 0
    [ "$(published out)" = "" ] || fail "published: $(published out)"
    expect_json out/.rushes/last/report.json '[.outputs[] | .error.class] | unique - ["unsupported", "input_damaged"] == []'
    expect_small out 200
}

test_films_of_a_few_bytes_are_refused() {
    mkdir in
    python3 "$HERE/bombs.py" in
    local file
    for file in in/*.{mp4,mkv,wav,mov}; do
        rushes probe --measure --json "$file" >"$said/out" 2>"$said/err" </dev/null || true
        expect_json "$said/out" '.[0] | .error != null or .decoded_audio_s < 1'
    done
}

test_sparse_files_end_before_their_header_does() {
    mkdir in
    python3 "$HERE/bombs.py" in
    local file
    for file in mkv wav; do
        expect_exit 1 rushes probe --json "in/sparse-10t.$file"
        expect_json "$said/out" '.[0].error.class == "input_damaged" and (.[0].error.message | contains("no end of the header"))'
    done
}

test_limit_of_pixels_is_raised_by_its_user() {
    mkdir in
    python3 "$HERE/bombs.py" in
    find in -type f ! -name png-17000.png -delete
    pipeline <<'Y'
steps: [resize: {width: 30}]
outputs: {o: {encode: {image: {format: png}}, to: a.png}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | contains("max_megapixels: 289")'
    RUSHES_MAX_MEGAPIXELS=288 expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | contains("the limit is 288 million")'
    echo 'inputs: {max_megapixels: 289}' >> p.yaml
    RUSHES_MAX_MEGAPIXELS=1 expect_exit 0 rushes run p.yaml in -o out
    sed -i 's/289/288/' p.yaml
    expect_exit 1 rushes run p.yaml in -o out --fresh
}

# libvips keeps in /tmp what it can't stream, unless it is told not to: a task has no /tmp.
test_large_picture_is_decoded_without_a_temporary_file() {
    mkdir in
    vips black in/a.tif 6500 6500 --bands 3
    vips webpsave in/a.tif in/a.webp --lossless
    rm in/a.tif
    pipeline <<'Y'
steps: [resize: {width: 32}]
outputs: {o: {encode: {image: {format: png}}, to: a.png}}
Y
    expect_exit 0 rushes run p.yaml in -o out
}

test_yaml_bombs_are_refused() {
    local depth text
    for depth in 1000 100000; do
        python3 -c "print('rushes: 1\nname: ' + '[' * $depth + ']' * $depth)" >p.yaml
        expect_exit 2 rushes lint p.yaml
        python3 -c "print('rushes: 1\n' + ''.join(' ' * i + 'a:\n' for i in range(min($depth, 1400))))" >p.yaml
        expect_exit 2 rushes lint p.yaml
    done
    text='rushes: 1
a0: &a0 [x,x,x,x,x,x,x,x,x,x]'
    for depth in 1 2 3 4 5 6 7 8 9 10 11 12; do
        text="$text
a$depth: &a$depth [$(printf "*a$((depth - 1)),%.0s" 1 2 3 4 5 6 7 8 9)*a$((depth - 1))]"
    done
    echo "$text" >p.yaml
    expect_exit 2 rushes lint p.yaml
    printf 'a: &a [*a]\n' >p.yaml
    expect_exit 2 rushes lint p.yaml
}
