# Photographs as deliverables: their colours, their tags, their size.
# Label: media

# A photograph with a name, and the profile of a press (libvips' own).
photo_and_press() {
    mkdir -p in
    cp "$FILES/tiny/photo.jpg" in/a.jpg
    vips icc_transform in/a.jpg cmyk.tif cmyk
    vipsheader -f icc-profile-data cmyk.tif | base64 -d > coated.icc
}

profile_of() { vipsheader -f icc-profile-data "$1" | base64 -d | md5sum; }

test_print_is_in_the_profile_of_the_press() {
    photo_and_press
    pipeline <<'Y'
outputs:
  print: {to: "${stem}.tif", encode: {image: {profile: coated.icc}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    vipsheader out/a.tif | grep -q cmyk || fail "not in CMYK"
    [ "$(profile_of out/a.tif)" = "$(md5sum < coated.icc)" ] || fail "another profile is embedded"
    expect_json out/.rushes/last/report.json '.outputs[0].steps[0] | startswith("converted from sRGB")'
    printf ' ' >> coated.icc
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "settings changed: profile"
}

test_press_profile_that_is_missing_is_pointed_at() {
    photo_and_press
    rm coated.icc
    pipeline <<'Y'
outputs:
  print: {to: "${stem}.tif", encode: {image: {profile: coated.icc}}}
Y
    expect_exit 2 rushes plan p.yaml in -o out
    expect_said err 'encode.image.profile: there is no file "coated.icc"'
}

# Half of a JPEG is decoded where that will do, whatever else is made of it.
test_a_size_has_the_same_bytes_alone_and_beside_others() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=640x480 -frames:v 1 in/a.jpg
    pipeline <<'Y'
outputs:
  large:  {steps: [resize: {width: 500}], to: "${stem}-500.jpg"}
  medium: {steps: [resize: {width: 200, light: linear}], to: "${stem}-200.jpg"}
  small:  {steps: [resize: {width: 80}], to: "${stem}-80.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o all
    for name in large medium small; do
        expect_exit 0 rushes run p.yaml in -o "$name" --only "main/$name"
        cmp "$name"/a-*.jpg all/"$(basename "$name"/a-*.jpg)" || fail "$name is another picture alone"
    done
}

# ICC.1:2010, 7.2: a header, and no tags at all.
test_profile_that_cannot_be_used_is_dropped_in_words() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 plain.jpg
    vips icc_export plain.jpg srgb.tif --output-profile srgb
    vipsheader -f icc-profile-data srgb.tif | base64 -d > whole.icc
    { printf '\0\0\0\204'; head -c 128 whole.icc | tail -c 124; printf '\0\0\0\0'; } > bare.icc
    { printf '\377\330\377\342\0\224ICC_PROFILE\0\1\1'; cat bare.icc; tail -c +3 plain.jpg; } > in/a.jpg
    pipeline <<'Y'
outputs:
  web: {to: "${stem}.jpg", encode: {image: {profile: display-p3}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[0].lost[], .outputs[0].steps[]] | any(contains("which can"))'
}

# I7 of the requirements: exiftool is the reader that names most.
test_web_pictures_tell_no_place_number_or_owner() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/a.jpg
    exiftool -q -overwrite_original -GPSLatitude=52.5 -GPSLatitudeRef=N -SerialNumber=12345 \
        -LensSerialNumber=678 -OwnerName=Someone -Copyright='Example Films' -Artist='A. Person' \
        -XMP:GPSLongitude=13.4 -XMP-aux:SerialNumber=12345 -IPTC:City=Berlin in/a.jpg
    exiftool -q -overwrite_original '-ThumbnailImage<=in/a.jpg' in/a.jpg
    pipeline <<'Y'
outputs:
  jpeg: {to: a.jpg}
  png: {to: a.png}
  webp: {to: a.webp}
  tiff: {to: a.tif}
  whole: {to: whole.jpg, encode: {image: {metadata: archive}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/a.*; do
        exiftool -a -G1 -s "$file" > said
        grep -iE "GPS|serial|owner|thumbnail|maker|city" said && fail "$file tells it"
        grep -q "Example Films" said || fail "$file has lost its copyright"
        grep -q "A. Person" said || fail "$file has lost its author"
    done
    exiftool -a -G1 -s out/whole.jpg > said
    for word in GPSLatitude GPSLongitude LensSerialNumber OwnerName City; do
        grep -q "$word" said || fail "archive has lost $word"
    done
}
