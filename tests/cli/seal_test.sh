# Seals of folders: ASC MHL histories. That other tools read them was tried with the reference
# implementation (ascmhl 1.0): its manifests of the same folders are the same but for the tool's name.
# Label: fast

# A card with two files of known content.
card() {
    mkdir -p "$1/Clips"
    printf 'abcd\n' >"$1/Clips/A002C006_141024_R2EC.mov"
    printf 'def\n' >"$1/Clips/A002C007_141024_R2EC.mov"
}

# hash_of MANIFEST-FOLDER PATH FORMAT
hash_of() {
    xmllint --nonet --xpath \
        "string(//*[local-name()='hash'][*[local-name()='path']='$2']/*[local-name()='$3'])" "$1"/*_2*.mhl
}

# The example of the specification's reference repository (scenario 1) has these files and hashes.
test_seal_has_the_hashes_of_the_published_example() {
    card A002R2EC
    expect_exit 0 rushes seal A002R2EC --hash xxh64
    [ "$(hash_of A002R2EC/ascmhl Clips/A002C006_141024_R2EC.mov xxh64)" = 0ea03b369a463d9d ] || fail "of the first"
    [ "$(hash_of A002R2EC/ascmhl Clips/A002C007_141024_R2EC.mov xxh64)" = 7680e5f98f4a80fd ] || fail "of the second"
    xmllint --nonet --xpath "//*[local-name()='directoryhash']" A002R2EC/ascmhl/*.mhl >clips.xml
    grep -q 4c226b42e27d7af3 clips.xml || fail "the folder's content hash is another"
    grep -q 906faa843d591a9f clips.xml || fail "the folder's structure hash is another"
}

test_seal_is_named_by_its_number_folder_and_time() {
    card A002
    expect_exit 0 rushes seal A002
    ls A002/ascmhl | grep -qxE '0001_A002_[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{6}Z\.mhl' || fail "$(ls A002/ascmhl)"
}

test_seal_holds_what_other_programs_print() {
    card A002
    expect_exit 0 rushes seal A002 --hash md5,sha1,xxh128
    local clip=Clips/A002C006_141024_R2EC.mov
    [ "$(hash_of A002/ascmhl $clip md5)" = "$(md5sum <A002/$clip | cut -d' ' -f1)" ] || fail md5
    [ "$(hash_of A002/ascmhl $clip sha1)" = "$(sha1sum <A002/$clip | cut -d' ' -f1)" ] || fail sha1
}

test_second_seal_verifies_the_first_and_is_appended() {
    card A002
    expect_exit 0 rushes seal A002 --hash md5
    expect_exit 0 rushes seal A002 --hash c4
    expect_said out "2 same"
    [ "$(ls A002/ascmhl/*.mhl | wc -l)" = 2 ] || fail "not two generations"
    grep -q '<md5 action="verified"' A002/ascmhl/0002* || fail "the recorded format isn't verified"
    grep -q '<c4 action="verified"' A002/ascmhl/0002* || fail "the new format isn't vouched for"
}

test_changed_file_fails_by_name_and_exits_3() {
    card A002
    expect_exit 0 rushes seal A002
    echo more >>A002/Clips/A002C006_141024_R2EC.mov
    expect_exit 3 rushes seal --verify A002
    expect_said out "changed: Clips/A002C006_141024_R2EC.mov"
    expect_said out "ascmhl/0001_A002"
    expect_exit 3 rushes seal A002
    grep -q 'action="failed"' A002/ascmhl/0002* || fail "the failure isn't recorded"
    expect_exit 3 rushes seal --verify A002
}

test_missing_and_new_files_fail_a_verification() {
    card A002
    expect_exit 0 rushes seal A002
    mv A002/Clips/A002C006_141024_R2EC.mov A002/Clips/other.mov
    expect_exit 3 rushes seal --verify A002 --json
    expect_json "$said/out" '[.[0].findings[].verdict] == ["new", "missing"]'
}

test_empty_folder_that_is_gone_or_new_fails_a_verification() {
    card A002
    mkdir -p A002/Clips/empty A002/Sound/also
    expect_exit 0 rushes seal --hash xxh128,md5 A002
    expect_exit 0 rushes seal --verify A002
    rmdir A002/Clips/empty
    expect_exit 3 rushes seal --verify A002
    expect_said out "missing: Clips/empty"
    mkdir A002/Clips/empty
    mkdir A002/Sound/more
    expect_exit 3 rushes seal --verify A002
    expect_said out "changed: Sound: the hash of its content"
    [ "$(grep -c "^changed" "$said/out")" = 1 ] || fail "the folder above is told, too"
}

test_file_in_an_unknown_format_alone_cant_be_checked() {
    card A002
    expect_exit 0 rushes seal A002
    sed -i '0,/<xxh128 action/s/<xxh128 \(action[^>]*\)>[^<]*<\/xxh128>/<sha512 \1>00<\/sha512>/' A002/ascmhl/0001*
    mkdir other
    cp A002/ascmhl/0001* other
    expect_exit 0 rushes seal --hash c4 other
    local c4
    c4=$(hash_of other/ascmhl "$(cd A002/ascmhl && echo 0001*)" c4)
    sed -i "s/<c4>.*<\/c4>/<c4>$c4<\/c4>/" A002/ascmhl/ascmhl_chain.xml
    expect_exit 3 rushes seal --verify A002
    expect_said out "unchecked: Clips/A002C006_141024_R2EC.mov: is recorded as sha512 alone"
    expect_exit 0 rushes seal A002
    expect_exit 0 rushes seal --verify A002
}

test_verifying_writes_nothing() {
    card A002
    expect_exit 0 rushes seal A002
    local before
    before=$(fingerprint A002)
    expect_exit 0 rushes seal --verify A002
    [ "$(fingerprint A002)" = "$before" ] || fail "something was written"
}

test_manifest_changed_afterwards_is_refused() {
    card A002
    expect_exit 0 rushes seal A002
    sed -i 's/A002C007/A002C008/' A002/ascmhl/*.mhl
    expect_exit 3 rushes seal --verify A002
    expect_said err "changed after it was written"
    expect_exit 3 rushes seal A002
    [ "$(ls A002/ascmhl/*.mhl | wc -l)" = 1 ] || fail "it was sealed all the same"
}

test_seal_below_another_is_continued_and_referred_to() {
    card day/A002
    card day/B002
    expect_exit 0 rushes seal day/A002
    expect_exit 0 rushes seal day
    ls day/A002/ascmhl/0002_* >/dev/null || fail "the card got no generation"
    xmllint --nonet --xpath "string(//*[local-name()='hashlistreference']/*[local-name()='path'])" \
        day/ascmhl/*.mhl | grep -q '^A002/ascmhl/0002_A002' || fail "it isn't referred to"
    ! grep -q ">A002/Clips/.*mov" day/ascmhl/*.mhl || fail "the card's files are listed above it, too"
    expect_exit 0 rushes seal --verify day
}

test_ignored_names_stay_out_in_later_seals() {
    card A002
    touch A002/.DS_Store A002/notes.tmp
    expect_exit 0 rushes seal A002 --ignore '*.tmp'
    expect_said out "2 new"
    touch A002/more.tmp
    expect_exit 0 rushes seal --verify A002
}

test_folder_that_was_never_sealed_exits_4() {
    card A002
    expect_exit 4 rushes seal --verify A002
    expect_said err "rushes seal A002 seals it"
}

test_name_that_no_manifest_can_hold_is_told() {
    card A002
    touch "$(printf 'A002/\xff.mov')"
    expect_exit 1 rushes seal A002
    expect_said out "give it one in UTF-8"
}

# A seal that was made before, or by somebody else, in place of the one that was referred to.
test_sealed_folder_that_vanished_or_was_swapped_is_told() {
    card day/A002
    expect_exit 0 rushes seal day/A002
    expect_exit 0 rushes seal day
    cp -r day whole
    rm -r day/A002
    expect_exit 3 rushes seal --verify day
    expect_said out "missing: A002: was sealed with a seal of its own"
    card day/A002
    echo other >day/A002/Clips/A002C006_141024_R2EC.mov
    expect_exit 0 rushes seal day/A002
    expect_exit 3 rushes seal --verify day
    expect_said out "changed: A002: its seal isn't the one"
    expect_exit 3 rushes seal day
    expect_exit 3 rushes seal --verify day
    expect_exit 0 rushes seal whole/A002
    expect_exit 0 rushes seal --verify whole
}

test_file_that_a_seal_below_leaves_out_is_not_missing() {
    card day/A002
    expect_exit 0 rushes seal day
    expect_exit 0 rushes seal day/A002 --ignore '*C007*'
    expect_exit 0 rushes seal --verify day
}

test_link_to_a_sealed_folder_is_told_and_nothing_is_missing() {
    card A002
    mkdir day
    expect_exit 0 rushes seal A002
    expect_exit 0 rushes seal day
    ln -s ../A002 day/A002
    expect_exit 1 rushes seal --verify day
    expect_said out "is a link to a folder"
    ! grep -q "missing:" "$said/out" || fail "what is behind it is called missing"
}

test_names_that_are_sealed_are_read_back() {
    local long
    long=$(printf '%0240d' 0)
    mkdir "$long"
    touch "$long/ a.mov" "$long/b.mov "
    expect_exit 0 rushes seal "$long" --ignore 'x\ '
    expect_exit 0 rushes seal --verify "$long"
    expect_said out "2 same"
    touch "$(printf '%s/c\177' "$long")"
    expect_exit 1 rushes seal "$long"
    expect_said out "without control characters"
    expect_exit 2 rushes seal "$long" --ignore "$(printf '\177')"
}
