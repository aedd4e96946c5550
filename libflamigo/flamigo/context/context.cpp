#include "flamigo/context/context.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/context/detail/enduring_actor.hpp"

namespace flamigo {

context::context(const context& other)
  : call_(other.call_), own_time_(other.own_time_), span_(other.span_) {
  own(other.owned());
}

// NOLINTNEXTLINE(performance-noexcept-move-constructor): it copies.
context::context(context&& other)
  : call_(other.call_), own_time_(other.own_time_), span_(other.span_) {
  if (other.loan_ == nullptr) {
    own(other.owned());
    return;
  }
  kept_ = other.kept_;
  is_at_home_ = true;
  loan_ = std::exchange(other.loan_, nullptr);
  loan_->holder_ = this;
}

context::context(const context& of, detail::context_loan& loan) noexcept
  : call_(of.call_), own_time_(of.own_time_), span_(of.span_), kept_(of.kept_),
    loan_(&loan), is_at_home_(true) {
  // Its answer is what the coroutine returns.
  call_.port = nullptr;
  call_.parts = nullptr;
  loan.holder_ = this;
}

context& context::operator=(const context& other) {
  if (this != &other) {
    if (loan_ != nullptr)
      std::exchange(loan_, nullptr)->holder_ = nullptr;
    call_ = other.call_;
    own_time_ = other.own_time_;
    span_ = other.span_;
    own(other.owned());
  }
  return *this;
}

context::~context() {
  if (loan_ != nullptr)
    loan_->holder_ = nullptr;
}

context context::enter(caf::event_based_actor& self, detail::reply_port& port,
                       stream<std::string_view>* parts) const {
  auto what = call_;
  what.self = &self;
  what.port = &port;
  what.parts = parts;
  context result{what};
  result.span_ = span_;
  result.kept_ = kept_;
  return result;
}

caf::timespan context::time_of_item() const noexcept {
  if (each_time().count() != 0)
    return each_time();
  auto left = call_.deadline - services().system.clock().now();
  return call_.deadline == time_point::max() ? caf::timespan::max()
                                             : std::max(left, caf::timespan{1});
}

context context::for_stream() const {
  // It shares what the call has.
  (void) owned();
  context result{call_};
  result.own_time_ = own_time_;
  result.span_ = span_;
  result.kept_ = kept_;
  result.call_.item_time = time_of_item();
  return result;
}

context context::inside(detail::reply_port& port,
                        stream<std::string_view>* parts) const {
  auto what = call_;
  what.port = &port;
  what.parts = parts;
  context result{what};
  result.own_time_ = own_time_;
  result.span_ = span_;
  return result;
}

std::uint64_t context::fencing_token() const noexcept {
  auto* runs = detail::enduring_actor::of(self());
  return runs != nullptr ? runs->fencing_token() : 0;
}

// -- on whose behalf, and until when ------------------------------------------

context context::as_program() const {
  auto result = *this;
  // Nobody can be sent to: the actor that runs this may be a client's.
  auto mine = std::make_shared<detail::call_state>(
    acting_actor{nullptr, backend_claims()}, result.kept_->action,
    result.kept_->payload);
  mine->origin = result.kept_->origin ? result.kept_->origin : result.kept_;
  result.own(std::move(mine));
  return result;
}

context context::keep(caf::timespan each) const {
  if (each.count() <= 0)
    throw std::invalid_argument{"context::keep needs a time for its calls"};
  auto result = *this;
  result.own_time_ = each;
  return result;
}

context context::keep() const {
  return keep(services().request_timeout);
}

void context::detach() noexcept {
  if (kept_)
    kept_->shield();
  own_time_ = services().request_timeout;
}

context context::of_actor(acting_actor who, std::string action,
                          caf::event_based_actor& self,
                          const flamigo::services& what, std::uint32_t depth) {
  context result{
    {&who, action, "null", {}, &self, &what, nullptr, nullptr, depth}};
  result.own(result.owned());
  result.own_time_ = what.request_timeout;
  return result;
}

context::time_point context::deadline_from_now() const noexcept {
  auto now = services().system.clock().now();
  // A timespan may be as long as the clock's whole time.
  auto each = each_time();
  return each < time_point::max() - now ? now + each : time_point::max();
}

// -- copies -------------------------------------------------------------------

const std::shared_ptr<detail::call_state>& context::owned() const {
  // What was lent refers to what the call refers to.
  if (!kept_ && loan_ != nullptr)
    kept_ = loan_->of_.owned();
  if (!kept_) {
    kept_ = std::make_shared<detail::call_state>(
      *call_.actor, std::string{call_.action}, std::string{call_.payload});
    kept_->promised(late_);
    is_at_home_ = true;
  }
  return kept_;
}

std::shared_ptr<detail::call_state> context::state() const {
  if (own_time_.count() != 0)
    return nullptr;
  auto& mine = owned();
  return mine->origin ? mine->origin : mine;
}

void context::own(std::shared_ptr<detail::call_state> what) noexcept {
  kept_ = std::move(what);
  call_.actor = &kept_->actor;
  call_.action = kept_->action;
  call_.payload = kept_->payload;
  call_.payload_tokens = nullptr;
  call_.port = nullptr;
  call_.parts = nullptr;
  late_ = nullptr;
  is_at_home_ = false;
}

void context::own() {
  auto mine = owned();
  std::exchange(loan_, nullptr)->holder_ = nullptr;
  own(std::move(mine));
  is_at_home_ = true;
}

caf::error context::publish(const event_ptr& what) const {
  if (span_) [[unlikely]]
    what->caused_by(span_);
  return bus().deliver(what, unit());
}

caf::execution_unit* context::unit() const noexcept {
  // A copy may be used on another thread than the one that runs its actor.
  auto is_copy = kept_ != nullptr && call_.port == nullptr && !is_at_home_;
  return self() != nullptr && !is_copy ? self()->context() : nullptr;
}

const std::shared_ptr<detail::late_reply>& context::defer() {
  auto& to = port();
  if (late_)
    throw std::logic_error{"make_promise was called twice for one call; copy "
                           "the promise instead"};
  late_ = std::make_shared<detail::late_reply>(to.defer(), span_);
  if (kept_)
    kept_->promised(late_);
  return late_;
}

detail::reply_port& context::port() const {
  if (call_.port == nullptr)
    throw std::logic_error{"make_promise works only in the context that the "
                           "handler was given, not in a copy of it; a "
                           "coroutine needs no promise, but says co_return"};
  return *call_.port;
}

} // namespace flamigo
