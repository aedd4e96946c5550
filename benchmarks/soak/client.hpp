#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../load/wire_message.hpp"
#include "answer_book.hpp"
#include "visitor.hpp"

namespace flamigo::soak {

/// A visitor that does nothing wrong: it is answered once for each request, in
/// order, and nobody but itself ends its connection.
class client : public visitor {
public:
  using visitor::visitor;

  void leave() override {
    leaving_ = true;
  }

  void received(load::connection& who, std::string_view text) override;

protected:
  /// Asks a strategy; `payload` is JSON. Returns the id.
  std::uint64_t ask(lane who, std::string_view strategy,
                    std::string_view payload, std::uint64_t note = 0);

  /// The answer to a question, in its order.
  virtual void answered(const question& what, const load::wire_message& answer)
    = 0;

  /// An event.
  virtual void heard(const load::wire_message& event);

  void act() override;

  void ended(std::string_view failure) override;

  const answer_book& book() const {
    return book_;
  }

  bool leaving_ = false;

private:
  /// Whether a good request may be answered by this error.
  bool is_fair(const question& what, const load::wire_message& answer) const;

  void check_answer(const load::wire_message& answer);

  answer_book book_;
  std::string text_;
  bool saying_goodbye_ = false;
  std::optional<clock::time_point> begun_;
  /// When something was answered last, or asked when nothing waited.
  clock::time_point alive_{};
};

} // namespace flamigo::soak
