#include "flamigo/context/context.hpp"

#include <stdexcept>

#include <caf/event_based_actor.hpp>

namespace flamigo {

/// What a copied context owns.
struct context::kept {
  acting_actor actor;
  std::string action;
  std::string payload;
};

context::context(const context& other) : call_(other.call_) {
  keep(other);
}

context& context::operator=(const context& other) {
  if (this != &other) {
    call_ = other.call_;
    keep(other);
  }
  return *this;
}

context::~context() = default;

context context::enter(caf::event_based_actor& self,
                       detail::reply_port& port) const {
  auto what = call_;
  what.self = &self;
  what.port = &port;
  context result{what};
  result.kept_ = kept_;
  return result;
}

void context::keep(const context& other) {
  kept_ = other.kept_;
  if (!kept_)
    kept_ = std::make_shared<kept>(kept{*other.call_.actor,
                                        std::string{other.call_.action},
                                        std::string{other.call_.payload}});
  call_.actor = &kept_->actor;
  call_.action = kept_->action;
  call_.payload = kept_->payload;
  call_.payload_tokens = nullptr;
  call_.port = nullptr;
  late_ = nullptr;
}

void context::publish(const event_ptr& what) const {
  bus().deliver(what, unit());
}

caf::execution_unit* context::unit() const noexcept {
  // A copy may be used on another thread than the one that runs its actor.
  auto is_copy = kept_ != nullptr && call_.port == nullptr;
  return self() != nullptr && !is_copy ? self()->context() : nullptr;
}

const std::shared_ptr<detail::late_reply>& context::defer() {
  if (call_.port == nullptr)
    throw std::logic_error{"make_promise works only in the context that the "
                           "handler was given, not in a copy of it"};
  if (late_)
    throw std::logic_error{"make_promise was called twice for one call; copy "
                           "the promise instead"};
  return late_ = std::make_shared<detail::late_reply>(call_.port->defer());
}

} // namespace flamigo
