//! Cards on their way to paper, and what became of them.

use antrean_ui::CardPrint;

use crate::queue::ServiceId;

/// Every card that was asked for and is not forgotten yet. Several may be on their way at once: whoever
/// reads the next one does not wait for the printer.
#[derive(Debug, Default)]
pub struct Cards(Vec<(ServiceId, CardPrint)>);

impl Cards {
    /// A card is asked for; false where it is on its way already, and once is enough.
    pub fn ask(&mut self, service: &ServiceId) -> bool {
        if self.of(service) == CardPrint::Printing {
            return false;
        }
        self.0.retain(|(card, _)| card != service);
        self.0.push((service.clone(), CardPrint::Printing));
        true
    }

    /// The printer has told.
    pub fn settle(&mut self, service: &ServiceId, printed: bool) {
        let end = if printed { CardPrint::Printed } else { CardPrint::Failed };
        self.0.iter_mut().filter(|(card, _)| card == service).for_each(|(_, print)| *print = end);
    }

    /// What is to be told of this card.
    pub fn of(&self, service: &ServiceId) -> CardPrint {
        self.0.iter().find(|(card, _)| card == service).map_or(CardPrint::Idle, |(_, print)| *print)
    }

    /// Whoever asked has gone on; what is still on its way stays known, so that it is not asked for twice.
    pub fn forget_done(&mut self) {
        self.0.retain(|(_, print)| *print == CardPrint::Printing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> (ServiceId, ServiceId) {
        ("ktp".into(), "kk".into())
    }

    #[test]
    fn two_cards_are_on_their_way_at_once_and_each_has_its_own_end() {
        let ((ktp, kk), mut cards) = (ids(), Cards::default());
        assert!(cards.ask(&ktp) && cards.ask(&kk));
        assert!(!cards.ask(&ktp), "it is on its way, whatever was asked for since");
        cards.settle(&ktp, false);
        assert_eq!((cards.of(&ktp), cards.of(&kk)), (CardPrint::Failed, CardPrint::Printing));
        cards.settle(&kk, true);
        assert_eq!((cards.of(&ktp), cards.of(&kk)), (CardPrint::Failed, CardPrint::Printed));
        assert!(cards.ask(&ktp), "a card that failed may be tried again");
    }

    #[test]
    fn the_next_reader_is_told_of_no_card_that_somebody_else_has_taken() {
        let ((ktp, kk), mut cards) = (ids(), Cards::default());
        cards.ask(&ktp);
        cards.ask(&kk);
        cards.settle(&ktp, true);
        cards.forget_done();
        assert_eq!((cards.of(&ktp), cards.of(&kk)), (CardPrint::Idle, CardPrint::Printing));
    }
}
