#include "flamigo/error/error.hpp"

#include <chrono>
#include <utility>

#include <caf/message.hpp>

#include "flamigo/error/detail/onion.hpp"

namespace flamigo {

namespace {

using detail::onion;

std::string render(const onion& x) {
  std::string result;
  for (auto& [field, error] : x.fields) {
    if (!result.empty())
      result += ", ";
    if (!field.empty())
      result.append(field).append(" ");
    result += error;
  }
  return result;
}

// What stands at the end of the trace.
std::string core_of(const caf::error& err, const onion& x) {
  if (!x.cause.empty())
    return x.cause;
  if (x.root)
    return detail::foreign_text(x.root);
  if (!x.fields.empty())
    return render(x);
  return public_message(err);
}

} // namespace

// -- making errors ------------------------------------------------------------

caf::error make_error(errc code) {
  // The code says it all, so there is no need for a context.
  return caf::error{static_cast<std::uint8_t>(code), error_category};
}

caf::error make_error(errc code, std::string public_message) {
  return make_error(code, std::move(public_message), std::string{});
}

caf::error make_error(errc code, std::string public_message,
                      std::string cause) {
  onion x;
  x.message = std::move(public_message);
  x.cause = std::move(cause);
  return detail::pack(code, std::move(x));
}

caf::error internal_error(std::string cause) {
  return make_error(errc::internal, std::string{}, std::move(cause));
}

caf::error public_error(std::string message, int status, std::string code) {
  onion x;
  x.message = std::move(message);
  x.status = status;
  x.code = std::move(code);
  auto outside = errc_of(x.code);
  return detail::pack(outside, std::move(x));
}

caf::error invalid_payload(std::vector<field_error> errors) {
  onion x;
  x.fields.reserve(errors.size());
  for (auto& [field, error] : errors)
    x.fields.emplace_back(std::move(field), std::move(error));
  return detail::pack(errc::invalid_payload, std::move(x));
}

caf::error wrap(caf::error inner, std::string where) {
  if (!inner)
    return inner;
  if (detail::find_onion(inner) != nullptr) {
    auto& x = inner.context().get_mutable_as<onion>(0);
    x.path.push_back(std::move(where));
    return inner;
  }
  auto outside = detail::classify(inner);
  auto x = detail::take_onion(std::move(inner));
  x.path.push_back(std::move(where));
  return detail::pack(outside, std::move(x));
}

caf::error wrap(caf::error inner, std::string where, std::string message,
                int status, std::string code) {
  if (!inner)
    return inner;
  // What is about to be hidden from the client must not be lost.
  std::string core;
  if (auto* x = detail::find_onion(inner))
    core = core_of(inner, *x);
  else if (inner.category() == error_category)
    core = public_message(inner);
  if (message.empty())
    message = public_message(inner);
  if (status == 0)
    status = status_of(inner);
  if (code.empty())
    code = code_of(inner);
  auto x = detail::take_onion(std::move(inner));
  if (!x.root || !x.cause.empty())
    x.cause = std::move(core);
  x.message = std::move(message);
  x.status = status;
  x.code = std::move(code);
  auto outside = errc_of(x.code);
  if (outside != errc::invalid_payload)
    x.fields.clear();
  if (!where.empty())
    x.path.push_back(std::move(where));
  return detail::pack(outside, std::move(x));
}

caf::error retry_after(caf::error err, caf::timespan time) {
  if (!err)
    return err;
  auto outside = detail::classify(err);
  auto x = detail::take_onion(std::move(err));
  x.retry_after = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  return detail::pack(outside, std::move(x));
}

// -- reading errors -----------------------------------------------------------

std::string public_message(const caf::error& err) {
  if (auto* x = detail::find_onion(err); x != nullptr && !x->message.empty())
    return x->message;
  return default_message(detail::classify(err));
}

int status_of(const caf::error& err) {
  if (auto* x = detail::find_onion(err); x != nullptr && x->status != 0)
    return x->status;
  return status_of(detail::classify(err));
}

std::string code_of(const caf::error& err) {
  if (auto* x = detail::find_onion(err); x != nullptr && !x->code.empty())
    return x->code;
  auto code = detail::classify(err);
  return to_string(code == errc::application ? errc::internal : code);
}

caf::timespan retry_after_of(const caf::error& err) {
  auto* x = detail::find_onion(err);
  return std::chrono::milliseconds{x != nullptr ? x->retry_after : 0};
}

std::vector<field_error> field_errors_of(const caf::error& err) {
  std::vector<field_error> result;
  if (auto* x = detail::find_onion(err))
    for (auto& [field, error] : x->fields)
      result.push_back({field, error});
  return result;
}

std::string trace_of(const caf::error& err) {
  if (!err)
    return {};
  auto* x = detail::find_onion(err);
  if (x == nullptr)
    return err.category() == error_category ? public_message(err)
                                            : detail::foreign_text(err);
  std::string result;
  for (auto i = x->path.rbegin(); i != x->path.rend(); ++i)
    result.append(*i).append(": ");
  return result += core_of(err, *x);
}

caf::error cause_of(const caf::error& err) {
  if (auto* x = detail::find_onion(err); x != nullptr && x->root)
    return x->root;
  return err;
}

} // namespace flamigo
