//! Whether everything on a screen has its room: no text cut, outside the screen, across another or across
//! the edge of what is touched; nothing to touch too small or, in the lower layout, too high.

use antrean_ui as ui;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::ComponentHandle;

use crate::support::kiosk::Kiosk;
use crate::support::mode::Mode;

/// A label, and its place: left, top, right, bottom.
struct Placed {
    label: String,
    at: [f32; 4],
}

/// What is wrong, in sentences.
pub fn wrong(kiosk: &Kiosk, mode: Mode) -> Vec<String> {
    let mut wrong = cut(kiosk);
    // A question lies over the screen and hides what is beneath.
    if kiosk.stage.app().global::<ui::Stage>().get_still_here_s() > 0 {
        return wrong;
    }
    let (texts, buttons) = (placed(kiosk, AccessibleRole::Text), placed(kiosk, AccessibleRole::Button));
    if texts.is_empty() {
        wrong.push("there is nothing to read".to_owned());
    }
    let (width, height) = (mode.size.0 as f32, mode.size.1 as f32);
    for Placed { label, at } in texts.iter().chain(&buttons) {
        if at[0] < -1.0 || at[1] < -1.0 || at[2] > width + 1.0 || at[3] > height + 1.0 {
            wrong.push(format!("{label:?} leaves the screen: {at:?}"));
        }
    }
    for (i, one) in texts.iter().enumerate() {
        for other in &texts[i + 1..] {
            if overlap(one.at, other.at) > 2.0 {
                wrong.push(format!("{:?} {:?} covers {:?} {:?}", one.label, one.at, other.label, other.at));
            }
        }
        for button in &buttons {
            if !within(one.at, button.at) {
                if overlap(one.at, button.at) > 2.0 {
                    wrong.push(format!(
                        "{:?} {:?} runs under {:?} {:?}",
                        one.label, one.at, button.label, button.at
                    ));
                }
                continue;
            }
            if one.at[2] > button.at[2] + 1.0 || one.at[3] > button.at[3] + 1.0 {
                wrong.push(format!("{:?} {:?} leaves {:?} {:?}", one.label, one.at, button.label, button.at));
            }
        }
    }
    wrong.extend(buttons.iter().filter_map(|button| too_small(button, mode)));
    let within_reach = width > height && width < 1600.0 && mode.large;
    if mode.low && !within_reach && matches!(kiosk.screen(), ui::Screen::Home | ui::Screen::Services) {
        let high = buttons.iter().filter(|button| button.at[1] < height * 0.4 - 1.0);
        wrong.extend(high.map(|button| format!("{:?} stands too high: {:?}", button.label, button.at)));
    }
    wrong
}

/// Texts that have less room than they need.
fn cut(kiosk: &Kiosk) -> Vec<String> {
    let found = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let fit = kiosk.stage.app().global::<ui::Fit>();
    let heard = found.clone();
    fit.on_cut(move |text| heard.borrow_mut().push(format!("{:?} is cut", text.as_str())));
    fit.set_watched(true);
    kiosk.later(1);
    fit.set_watched(false);
    found.take()
}

/// What can be touched, and how many pixels it has in its narrower direction.
pub fn buttons(kiosk: &Kiosk) -> Vec<(String, f32)> {
    let narrow = |[left, top, right, bottom]: [f32; 4]| (right - left).min(bottom - top);
    let buttons = placed(kiosk, AccessibleRole::Button);
    buttons.into_iter().map(|button| (button.label, narrow(button.at))).collect()
}

/// Targets are 20 mm: 81 design pixels on 21.5 inches of Full HD, 93 on 10.1 inches (`design/tokens.md`, 7).
fn too_small(button: &Placed, mode: Mode) -> Option<String> {
    let (width, height) = (mode.size.0 as f32, mode.size.1 as f32);
    let least = if height >= width {
        81.0 * (width / 1080.0).min(height / 1920.0)
    } else if width >= 1600.0 {
        81.0 * (width / 1920.0).min(height / 1080.0)
    } else {
        92.0 * (width / 1024.0).min(height / 600.0)
    };
    let [left, top, right, bottom] = button.at;
    let small = (right - left).min(bottom - top) < least - 1.0;
    small.then(|| format!("{:?} is too small to touch: {:?}, at least {least}", button.label, button.at))
}

fn within(text: [f32; 4], button: [f32; 4]) -> bool {
    (button[0] - 1.0..button[2]).contains(&text[0]) && (button[1] - 1.0..button[3]).contains(&text[1])
}

/// By how much two places cover each other, in the direction in which it is less.
fn overlap(one: [f32; 4], other: [f32; 4]) -> f32 {
    let across = one[2].min(other[2]) - one[0].max(other[0]);
    let down = one[3].min(other[3]) - one[1].max(other[1]);
    across.min(down)
}

/// Everything on the screen that has this role and says something.
fn placed(kiosk: &Kiosk, role: AccessibleRole) -> Vec<Placed> {
    let alike = move |element: &ElementHandle| element.accessible_role() == Some(role);
    let elements = ElementQuery::from_root(kiosk.stage.app()).match_descendants().match_predicate(alike);
    let mut all: Vec<Placed> = Vec::new();
    for element in elements.find_all() {
        let (at, size) = (element.absolute_position(), element.size());
        let label = element.accessible_label().unwrap_or_default().to_string();
        let at = [at.x, at.y, at.x + size.width, at.y + size.height];
        // A text is met once for each component that it is the whole of.
        if !label.is_empty() && !all.iter().any(|known| known.label == label && known.at == at) {
            all.push(Placed { label, at });
        }
    }
    all
}
