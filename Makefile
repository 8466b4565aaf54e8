# The ways in: `make run` to see it, `make test` to trust it.

.PHONY: run test demo-clean lint kms try-kiosk gallery monkey pictures bench faults chaos soak crowd deb try-deb

## run: install what is missing, build, and start the demonstration (window, hall, web, preview printer)
run:
	@sh packaging/install-needs.sh run
	cargo build --release --locked
	./target/release/antrean run --demo --config config/antrean.toml

## test: install what is missing and run every test from nothing
test:
	@sh packaging/install-needs.sh build
	cargo test --workspace --locked

## lint: what CI asks before the tests; as a kiosk without X11, which needs the most, and leaves out none of our code
lint:
	@sh packaging/install-needs.sh build
	@sh packaging/install-needs.sh kms
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --features linuxkms -- -D warnings

## kms: a kiosk that draws straight on the display, without X11 or Wayland (docs/kiosk.md)
kms:
	@sh packaging/install-needs.sh kms
	cargo build --release --locked --features linuxkms

## try-kiosk: the kiosk's session on a display in memory: fills it, comes back, shows nothing else
try-kiosk:
	@sh packaging/install-needs.sh try-kiosk
	cargo build --locked
	packaging/kiosk/try.sh "$${CARGO_TARGET_DIR:-target}/debug/antrean"

## bench: the figures of docs/benchmarks.md, and the table of all of them at the end
bench:
	@sh packaging/install-needs.sh pictures
	@rm -rf "$${CARGO_TARGET_DIR:-target}/bench"
	cargo bench --locked --bench issue
	cargo bench --locked --bench idle
	cargo bench --locked --bench live
	cargo bench --locked --bench report
	cargo bench --locked --bench old
	cargo bench --locked --bench printer
	cargo bench --locked --bench kiosk
	@cargo bench --locked --bench table

## faults: a fault at every byte of a slip, 1,000 slips with faults at random, 100 kills (an hour)
faults:
	@sh packaging/install-needs.sh build
	ANTREAN_BYTE_STEP=1 ANTREAN_SLIPS=1000 cargo test --release --locked --test faults -- --nocapture --test-threads 2
	ANTREAN_KILLS=100 cargo test --release --locked --test technician killed -- --nocapture

## chaos: 10,000 kills, a fault at every call to the disk, 200 power cuts, the network and the input (hours; needs root)
chaos:
	@sh packaging/install-needs.sh chaos
	tests/crash/chaos.sh

## soak: a working month of the whole mall in one process, and what it holds each evening
soak:
	@sh packaging/install-needs.sh build
	ANTREAN_SOAK_DAYS=22 cargo test --release --locked --test soak -- --nocapture

## gallery: every screen in every size and mode, drawn into target/gallery (a quarter of an hour)
gallery:
	@sh packaging/install-needs.sh build
	GALLERY=target/gallery GALLERY_ALL=1 cargo test --locked --test gallery

## monkey: 100,000 taps anywhere on the kiosk's glass
monkey:
	@sh packaging/install-needs.sh build
	ANTREAN_TAPS=100000 cargo test --release --locked --test kiosk_journeys monkey -- --nocapture

## crowd: a day with 20 counters, 20 consoles, 5 lobby screens and 300 phones; nobody misses a call
crowd:
	@sh packaging/install-needs.sh build
	CROWD=whole cargo test --locked --test crowd -- --nocapture

## pictures: the README's pictures, made by the product itself
pictures:
	@sh packaging/install-needs.sh pictures
	cargo build --release --locked
	sh docs/pictures/make.sh

## demo-clean: empty the demonstration's data
demo-clean:
	rm -rf data-demo

## deb: the package, in target/debian
deb:
	@sh packaging/install-needs.sh run
	@command -v cargo-deb >/dev/null || cargo install cargo-deb --version 3.8.0 --locked
	cargo build --release --locked
	cargo deb --no-build --locked

## try-deb: the package in a fresh Debian 12: installed, booted, killed, upgraded, removed, purged (needs root)
try-deb:
	@sh packaging/install-needs.sh try-deb
	packaging/try-deb.sh
