# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs to three sizes: rushes against sharp, vipsthumbnail and ImageMagick. Time, peak memory of all processes
together (PSS, sampled), and SSIM of what came out."""
import os, pathlib, re, shutil, statistics, subprocess, threading, time

HERE = pathlib.Path(__file__).resolve().parent / "stills"
SIZES = (2400, 1200, 400)
COUNT = 60

PEERS = {
    "sharp": "node fan.mjs in peer",
    "vipsthumbnail": "mkdir -p peer; for s in 2400 1200 400; do ls in/*.jpg | VIPS_CONCURRENCY=1 xargs -P2 -n8 "
                     "vipsthumbnail -s $s -o $PWD/peer/%s-$s.jpg[Q=85]; done",
    "ImageMagick": "mkdir -p peer; ls in/*.jpg | MAGICK_THREAD_LIMIT=1 xargs -P2 -I{} sh -c 'n=$(basename {} .jpg); "
                   "convert {} -auto-orient -quality 85 -sampling-factor 4:2:0 -resize 2400x2400 -write peer/$n-2400.jpg "
                   "-resize 1200x1200 -write peer/$n-1200.jpg -resize 400x400 peer/$n-400.jpg'",
    "ImageMagick, per size": "mkdir -p peer; for s in 2400 1200 400; do ls in/*.jpg | MAGICK_THREAD_LIMIT=1 xargs -P2 -I{} sh -c "
                             "'convert $1 -auto-orient -quality 85 -sampling-factor 4:2:0 -resize ${2}x$2 "
                             "peer/$(basename $1 .jpg)-$2.jpg' - {} $s; done",
}


def make(folder, sh):
    """24 megapixels each, of fine and of smooth detail, as a camera writes them: 4:2:0, quality 92. Twelve pictures, each
    five times with another comment, so that no file is known by its content."""
    folder.mkdir()
    for n in range(0, COUNT, 5):
        sh(f"ffmpeg -y -f lavfi -i mandelbrot=s=1500x1000:start_scale={0.9 - n / 100}:r=1 -frames:v 1 -vf "
           f"scale=6000:4000:flags=bicubic,noise=alls=9:all_seed={n} -pix_fmt yuvj420p -c:v mjpeg -q:v 2 -huffman optimal "
           f"one.jpg", folder.parent)
        whole = (folder.parent / "one.jpg").read_bytes()
        for k in range(n, n + 5):
            (folder / f"p{k:02}.jpg").write_bytes(whole[:2] + b"\xff\xfe\x00\x04%02d" % k + whole[2:])


class Peak:
    """The most memory that a command and its children had together, MB."""

    def __init__(self, pid):
        self.pid, self.most, self.over = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.over.wait(0.05):
            pids, total = [self.pid], 0
            for pid in pids:  # grows while it is walked
                try:
                    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                        pids += map(int, (task / "children").read_text().split())
                    total += int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])
                except (OSError, TypeError):
                    continue
            self.most = max(self.most, total / 1024)

    def end(self):
        self.over.set()
        self.thread.join()
        return self.most


def once(command, work, sampled):
    for folder in ("out", "peer"):
        shutil.rmtree(work / folder, ignore_errors=True)
    start = time.monotonic()
    process = subprocess.Popen(command, shell=True, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = Peak(process.pid) if sampled else None
    code = process.wait()
    seconds = time.monotonic() - start
    if code:
        raise SystemExit(f"{command} ended with {code}")
    return seconds, peak.end() if sampled else 0


def reference(work, name, size):
    """The source scaled by ImageMagick as light, in 16 bits."""
    path = work / f"{name}-{size}.png"
    if not path.exists():
        subprocess.run(["convert", f"in/{name}.jpg", "-colorspace", "RGB", "-filter", "Lanczos", "-resize", f"{size}x{size}",
                        "-colorspace", "sRGB", path], cwd=work, check=True)
    return path


def ssim(work, folder, name, size):
    text = subprocess.run(["ffmpeg", "-nostdin", "-i", reference(work, name, size), "-i", f"{folder}/{name}-{size}.jpg", "-lavfi",
                           "[0]format=gbrp[a];[1]format=gbrp[b];[a][b]ssim", "-f", "null", "-"], cwd=work,
                          capture_output=True, text=True).stderr
    return float(re.search(r"SSIM.*All:([\d.]+)", text)[1])


def stills(bin_dir, work, runs, sh):
    make(work / "in", sh)
    for file in ("fan.mjs", "stills.yaml"):
        shutil.copy(HERE / file, work)
    if (modules := os.environ.get("SHARP_MODULES")):
        (work / "node_modules").symlink_to(modules)
    commands = {"rushes": f"{bin_dir}/rushes run stills.yaml in -o out --progress none --verify off",
                "rushes, --verify full": f"{bin_dir}/rushes run stills.yaml in -o out --progress none --verify full", **PEERS}
    times, peaks, likeness = {}, {}, {}
    for name, command in commands.items():  # the first run of each, which nothing is timed of
        peaks[name] = once(command, work, True)[1]
        folder = "out" if name.startswith("rushes") else "peer"
        likeness[name] = [statistics.mean(ssim(work, folder, f"p{n:02}", size) for n in range(0, COUNT, 12)) for size in SIZES]
    for _ in range(runs):
        for name, command in commands.items():
            times.setdefault(name, []).append(once(command, work, False)[0])
    print(f"\n{COUNT} photographs of 24 megapixels to {', '.join(map(str, SIZES))} px")
    ours = statistics.median(times["rushes"])
    for name in commands:
        median = statistics.median(times[name])
        print(f"  {name:24s} {median:7.2f} s   rushes is {median / ours:5.2f} x as fast   peak {peaks[name]:5.0f} MB   SSIM "
              + "  ".join(f"{value:.4f}" for value in likeness[name]))
