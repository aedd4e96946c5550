#include "flamigo/domain/domain_behavior.hpp"

namespace flamigo {

domain_behavior::domain_behavior(empty) noexcept {
}

domain_behavior::domain_behavior(const domain_behavior& other) = default;

domain_behavior::domain_behavior(domain_behavior&& other) noexcept = default;

domain_behavior& domain_behavior::operator=(const domain_behavior& other)
  = default;

domain_behavior&
domain_behavior::operator=(domain_behavior&& other) noexcept = default;

domain_behavior::~domain_behavior() = default;

void domain_behavior::push(named_strategy&& part) {
  strategies_.push_back(std::move(part));
}

void domain_behavior::push(listener&& part) {
  listeners_.push_back(std::move(part));
}

void domain_behavior::push(stopping&& part) {
  last_ = std::move(part.handlers);
}

void domain_behavior::push(const caf::message_handler& part) {
  messages_ = messages_.or_else(part);
}

} // namespace flamigo
