# What no run may do: write over a source or over somebody's file, or lose a folder of sources
# without a word.
# Label: media

TINY=$FILES/tiny

# A JPEG a picture, small, at TO.
small_to() {
    pipeline <<Y
inputs: {include: ["**/*.{jpg,png}"]}
outputs:
  small: {steps: [resize: {width: 64}], encode: {image: {format: jpeg}}, to: "$1"}
Y
}

same() { [ "$1" = "$(md5sum <"$2")" ] || fail "$2 was changed"; }

# --- sources ---

test_source_that_is_reached_by_a_link_to_its_folder_is_not_replaced() {
    mkdir -p proj/real
    cp "$TINY/photo.jpg" proj/real/a.jpg
    ln -s real proj/lnk
    local before
    before=$(md5sum <proj/real/a.jpg)
    small_to 'real/${stem}.jpg'
    expect_exit 2 rushes run p.yaml proj/lnk -o proj --on-exists overwrite
    expect_said err "is an input: sources are never touched"
    same "$before" proj/real/a.jpg
}

test_output_of_ours_that_is_an_input_by_a_link_is_not_replaced() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    small_to 'web/${stem}.jpg'
    expect_exit 0 rushes run p.yaml in -o out
    ln -s out/web sel
    local before
    before=$(md5sum <out/web/a.jpg)
    expect_exit 2 rushes run p.yaml sel -o out
    same "$before" out/web/a.jpg
}

test_source_that_a_link_in_the_input_folder_names_is_not_replaced() {
    mkdir -p in out/web
    cp "$TINY/photo.jpg" out/web/a.jpg
    ln -s ../out/web/a.jpg in/a.jpg
    local before
    before=$(md5sum <out/web/a.jpg)
    small_to 'web/${stem}.jpg'
    expect_exit 2 rushes run p.yaml in -o out --on-exists overwrite
    same "$before" out/web/a.jpg
}

test_folder_of_pictures_that_is_an_input_by_a_link_is_not_replaced() {
    mkdir -p shots/a
    cp "$TINY/still.png" shots/a/a.0001.png
    cp "$TINY/still.png" shots/a/a.0002.png
    ln -s shots in
    local before
    before=$(md5sum <shots/a/a.0001.png)
    pipeline <<'Y'
inputs: {include: ["**/*.####.png"], fps: 25}
outputs:
  half: {steps: [resize: {width: 64}], to: "a/a.####.png"}
Y
    expect_exit 2 rushes run p.yaml in/a -o shots --on-exists overwrite
    expect_said err "sources are never touched"
    same "$before" shots/a/a.0001.png
}

# --- somebody's files ---

two_days() {
    mkdir day1 day2
    cp "$TINY/photo.jpg" day1/a.jpg
    ffmpeg -nostdin -v error -i "$TINY/photo.jpg" -vf negate day2/a.jpg
    small_to '${stem}.jpg'
    expect_exit 0 rushes run p.yaml day1 -o out
    first=$(md5sum <out/a.jpg)
}

test_output_of_another_source_of_that_name_is_kept() {
    two_days
    expect_exit 1 rushes run p.yaml day2 -o out
    expect_said out "day1/a.jpg, which is still there"
    same "$first" out/a.jpg
    expect_exit 0 rushes run p.yaml day2 -o out --on-exists rename
    expect_exit 0 rushes run p.yaml day2 -o out --on-exists rename
    same "$first" out/a.jpg
    [ "$(published out)" = $'./a-2.jpg\n./a.jpg' ] || fail "published: $(published out)"
}

test_output_of_a_source_that_was_moved_and_mended_is_made_again() {
    two_days
    rm day1/a.jpg
    expect_exit 0 rushes run p.yaml day2 -o out
    expect_status out a.jpg done
}

test_file_that_a_person_put_in_an_outputs_place_is_kept() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    small_to '${stem}.jpg'
    expect_exit 0 rushes run p.yaml in -o out
    echo "MY OWN EDIT" >out/a.jpg
    expect_exit 1 rushes run p.yaml in -o out
    expect_said out "the output was changed by somebody else"
    [ "$(cat out/a.jpg)" = "MY OWN EDIT" ] || fail "it was replaced"
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    expect_status out a.jpg done
}

test_link_to_nothing_in_an_outputs_place_is_found_by_the_plan() {
    mkdir in out
    cp "$TINY/photo.jpg" in/a.jpg
    ln -s nowhere out/a.jpg
    small_to '${stem}.jpg'
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/plan.json '.outputs[0].action == "blocked"'
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    [ ! -L out/a.jpg ] || fail "the link is still there"
}

# SECURITY.md: what a link names stays as it is.
test_link_to_a_folder_in_the_place_of_one_is_replaced_alone() {
    mkdir in out other
    cp "$TINY/clip.mov" in/a.mov
    echo mine >other/a.0001.png
    ln -s ../other out/a
    pipeline <<'Y'
inputs: {include: ["*.mov"]}
outputs:
  frames: {steps: [trim: {to: 3f}], to: "${stem}/a.####.png"}
Y
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    [ "$(cat other/a.0001.png)" = mine ] || fail "what the link named was touched"
    [ ! -L out/a ] || fail "the link is still there"
}

test_folder_in_an_outputs_place_is_found_by_the_plan() {
    mkdir -p in out/a.jpg
    cp "$TINY/photo.jpg" in/a.jpg
    small_to '${stem}.jpg'
    expect_exit 1 rushes run p.yaml in -o out --on-exists overwrite
    expect_error out a.jpg config
    expect_json out/.rushes/last/plan.json '.totals.tasks == 0'
}

test_name_that_is_too_long_is_found_by_the_plan_and_stops_no_other() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    cp "$TINY/photo.jpg" "in/$(printf 'b%.0s' {1..246}).jpg"
    small_to '${stem}_small.jpg'
    expect_exit 1 rushes run p.yaml in -o out
    expect_status out a_small.jpg done
    expect_json out/.rushes/last/report.json '.outputs[1].error.class == "config"'
}

# --- folders of sources ---

test_link_to_a_card_that_is_not_mounted_is_told() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    ln -s /nowhere/card_A003 in/card_A003
    small_to '${stem}.jpg'
    expect_exit 1 rushes run p.yaml in -o out --junit j.xml
    expect_status out a.jpg done
    expect_json out/.rushes/last/report.json \
        '.unread[0] | .input == "card_A003" and .error.class == "input_damaged"'
    expect_said out "it is a link to /nowhere/card_A003, which can't be opened"
    grep -q 'name="card_A003"' j.xml || fail "JUnit doesn't tell"
    xmllint --nonet --noout --schema "$SOURCE/tests/report/junit.xsd" j.xml || fail "j.xml is not as Jenkins reads it"
    expect_exit 0 rushes report out --format csv
    expect_said out card_A003
}

test_link_to_nothing_that_the_pipeline_does_not_want_is_no_loss() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    ln -s /nowhere in/_trash
    small_to '${stem}.jpg'
    sed -i 's|inputs: {|inputs: {exclude: ["_trash/**"], |' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    sed -i 's|exclude: .*|include: ["*.jpg"]}|' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
}

# As nobody, who may neither open in/A003 nor look at what is in in/A004.
test_folders_that_cannot_be_read_are_told() {
    mkdir -p in/A003 in/A004/sub
    cp "$TINY/photo.jpg" in/a.jpg
    small_to '${stem}.jpg'
    local as=()
    if [ "$(id -u)" = 0 ]; then
        as=(setpriv --reuid=65534 --regid=65534 --clear-groups env "XDG_CACHE_HOME=$home/cache")
        chmod -R a+rwX "$home"
        "${as[@]}" test -x "$RUSHES" -a -r p.yaml || skip "another user can't run the program here"
    fi
    chmod 0 in/A003
    chmod 444 in/A004
    expect_exit 1 "${as[@]}" "$RUSHES" run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.unread[].input] == ["A003", "A004/sub"]'
    expect_exit 1 "${as[@]}" "$RUSHES" probe in --json
    expect_json "$said/out" '[.[] | select(.error) | .path | sub(".*/in/"; "")] == ["A003", "A004/sub"]'
    expect_exit 1 "${as[@]}" "$RUSHES" check in --preset jpeg-web
    expect_said out "in/A003"
    chmod 755 in/A003 in/A004
}

test_output_folder_below_an_input_is_no_source() {
    mkdir in
    cp "$TINY/photo.jpg" in/a.jpg
    small_to '${dir}/${stem}_s.jpg'
    expect_exit 0 rushes run p.yaml in -o in/one
    expect_exit 0 rushes run p.yaml in -o in/two
    expect_said err "in/one is left out"
    expect_json in/two/.rushes/last/report.json '.notes | any(contains("in/one is left out"))'
    [ "$(published in/two)" = ./a_s.jpg ] || fail "published: $(published in/two)"
    expect_exit 0 rushes run p.yaml in/one -o three
}

# --- JUnit and sidecars ---

junit_run() {
    mkdir -p in
    cp "$TINY/photo.jpg" in/a.jpg
    small_to '${stem}.jpg'
}

test_junit_goes_into_what_is_no_file_as_it_is() {
    junit_run
    mkfifo pipe
    cat pipe >got &
    expect_exit 0 rushes run p.yaml in -o out --junit pipe
    wait $!
    [ -p pipe ] || fail "the pipe was replaced"
    grep -q '<testsuites' got || fail "nothing came through the pipe"
    expect_exit 0 rushes run p.yaml in -o out --junit /dev/stdout
    expect_said out '<testsuites'
    expect_said out 'up to date'
}

test_junit_follows_links() {
    junit_run
    mkdir share
    echo old >share/j.xml
    ln -s share/j.xml j.xml
    expect_exit 0 rushes run p.yaml in -o out --junit j.xml
    [ -L j.xml ] || fail "the link was replaced"
    grep -q '<testsuites' share/j.xml || fail "the file of the link is the old one"
}

test_junit_into_a_folder_is_refused_before_anything_runs() {
    junit_run
    mkdir j.xml
    expect_exit 5 rushes run p.yaml in -o out --junit j.xml
    expect_said err "is a folder"
    expect_no_file out
    expect_exit 5 rushes check in/a.jpg --preset jpeg-web --junit j.xml
    expect_said err "is a folder"
}

test_sidecar_that_somebody_else_wrote_stays() {
    junit_run
    mkdir out
    echo "my own notes" >out/a.jpg.rushes.json
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out --fresh --provenance
    expect_said err "a.jpg.rushes.json is a file that rushes didn't make"
    [ "$(cat out/a.jpg.rushes.json)" = "my own notes" ] || fail "it was replaced"
}
