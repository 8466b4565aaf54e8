//! The kiosk's screens, generated from the Slint sources beside this file.
slint::include_modules!();
