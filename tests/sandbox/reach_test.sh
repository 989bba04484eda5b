# What a hostile file reaches: nothing. Each fixture is rendered in the sandbox, and without it, so
# that the guards of the libraries are held to it too. No byte of the secret may be in any output,
# report or log, and nobody may have connected.
# Label: media

. "$SOURCE/tests/sandbox/hold.sh"

lossless() {
    pipeline <<'Y'
jobs:
  clips:
    inputs: {include: ["**/*.{mov,mp4,mkv,avi}"]}
    outputs:
      o: {encode: {container: mkv, video: {codec: ffv1}, audio: {codec: pcm_s16le}}, to: "${name}.mkv"}
  sound:
    inputs: {include: ["**/*.{wav,mp3,mov,mkv}"]}
    outputs:
      o: {encode: {container: wav, audio: {codec: pcm_s16le}}, to: "${name}.wav"}
  stills:
    inputs: {include: ["**/*.{jpg,png,tif,svg}"]}
    outputs:
      o: {encode: {image: {format: png}}, to: "${name}.png"}
Y
}

# reach EXIT ARGUMENTS…: renders with and without the sandbox
reach() {
    local expected=$1 sandbox before
    shift
    before=$(fingerprint .)
    for sandbox in all off; do
        RUSHES_SANDBOX=$sandbox expect_exit "$expected" rushes run p.yaml in -o "$home/out-$sandbox" "$@"
        expect_kept "$home/out-$sandbox"
        expect_nothing_left_over "$home/out-$sandbox"
    done
    [ "$before" = "$(fingerprint .)" ] || fail "a file outside the output folder was changed"
}

# refused FIXTURE: nothing is made of it
refused() {
    prepare
    python3 "$HERE/hostile.py" "$1" in "$PWD/secret" "$port"
    lossless
    reach 1
    [ "$(published "$home/out-all")" = "" ] || fail "published: $(published "$home/out-all")"
}

# alone FIXTURE: only what is in the file itself is rendered
alone() {
    prepare
    python3 "$HERE/hostile.py" "$1" in "$PWD/secret" "$port"
    lossless
    reach 0
}

test_hls_of_a_file() { refused hls_of_a_file; }
test_hls_of_a_relative_file() { refused hls_of_a_relative_file; }
test_hls_of_an_address() { refused hls_of_an_address; }
test_hls_with_a_key_elsewhere() { refused hls_with_a_key_elsewhere; }
test_hls_of_a_concat_address() { refused hls_of_a_concat_address; }
test_hls_master_playlist() { refused hls_master_playlist; }
test_dash_manifest() { refused dash_manifest; }
test_dash_manifest_without_a_declaration() { refused dash_manifest_without_a_declaration; }
test_ffconcat_of_a_path() { refused ffconcat_of_a_path; }
test_ffconcat_of_a_sibling() { refused ffconcat_of_a_sibling; }
test_session_description() { refused session_description; }
test_old_playlists() { refused old_playlists; }
test_smil_and_xinclude() { refused smil_and_xinclude; }
test_names_that_look_like_addresses() { refused names_that_look_like_addresses; }
test_mov_with_data_behind_a_url() { refused mov_with_data_behind_a_url; }
test_mov_with_data_behind_an_alias() { refused mov_with_data_behind_an_alias; }
test_mov_with_data_behind_a_resource() { refused mov_with_data_behind_a_resource; }
test_reference_movie() { refused reference_movie; }
test_mkv_with_linked_segments() { alone mkv_with_linked_segments; }
test_mkv_with_attachments() { alone mkv_with_attachments; }
test_mkv_with_tags_that_are_paths() { alone mkv_with_tags_that_are_paths; }
test_avi_with_a_gab2_playlist() { alone avi_with_a_gab2_playlist; }
test_mp3_with_a_linked_cover() { alone mp3_with_a_linked_cover; }
test_svg_with_links() { refused svg_with_links; }
test_svg_with_an_entity_and_xinclude() { refused svg_with_an_entity_and_xinclude; }
test_scripts_of_other_readers() { refused scripts_of_other_readers; }
