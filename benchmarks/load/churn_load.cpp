#include "churn_load.hpp"

namespace flamigo::load {

churn_load::churn_load(const options& what)
  : scenario(what), asking_(what), visits_(what.connections) {
}

void churn_load::perform() {
  for (std::size_t i = 0; i < visits_.size(); ++i)
    begin(i);
  measure();
  wait_for(patience, [&] { return under_way_ == 0; });
}

void churn_load::complete(report& out) const {
  out.lost = under_way_;
}

void churn_load::begin(std::size_t index) {
  visits_[index] = {clock::now(), ++last_id_, false};
  ++under_way_;
  at(index).open();
}

void churn_load::opened(connection& who) {
  asking_.write(text_, visits_[who.index()].id);
  who.send(text_);
}

void churn_load::received(connection& who, std::string_view text) {
  auto& current = visits_[who.index()];
  auto reply = asking_.read(text);
  if (reply.event)
    return;
  if (current.answered || reply.id != current.id || !reply.good)
    add_error("not what was asked for: " + std::string{text});
  current.answered = true;
  who.close();
}

void churn_load::closed(connection& who, std::string_view failure) {
  if (!failure.empty()) {
    scenario::closed(who, failure);
    return;
  }
  --under_way_;
  measured_.operation(poll_.now() - visits_[who.index()].begun);
  if (!finishing_)
    begin(who.index());
}

} // namespace flamigo::load
