#include "flamigo/error/detail/onion.hpp"

#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

constexpr auto system_category = caf::atom("system");

constexpr auto exit_category = caf::atom("exit");

std::string name_of(const caf::error& foreign) {
  if (foreign.category() == system_category)
    return to_string(static_cast<caf::sec>(foreign.code()));
  if (foreign.category() == exit_category)
    return "exit reason "
           + to_string(static_cast<caf::exit_reason>(foreign.code()));
  return to_string(foreign.category()) + " error "
         + std::to_string(foreign.code());
}

} // namespace

const onion* find_onion(const caf::error& err) noexcept {
  if (!err || err.category() != error_category
      || !err.context().match_elements<onion>())
    return nullptr;
  return &err.context().get_as<onion>(0);
}

onion take_onion(caf::error err) {
  if (find_onion(err) != nullptr)
    return std::move(err.context().get_mutable_as<onion>(0));
  onion result;
  if (err && err.category() != error_category)
    result.root = std::move(err);
  return result;
}

errc classify(const caf::error& err) noexcept {
  if (!err)
    return errc::none;
  if (err.category() == error_category)
    return err.code() <= static_cast<std::uint8_t>(errc::application)
             ? static_cast<errc>(err.code())
             : errc::internal;
  if (err.category() == exit_category)
    return errc::unavailable;
  if (err.category() == system_category) {
    if (err.code() == static_cast<std::uint8_t>(caf::sec::request_timeout))
      return errc::timeout;
    if (err.code()
        == static_cast<std::uint8_t>(caf::sec::request_receiver_down))
      return errc::unavailable;
  }
  return errc::internal;
}

std::string foreign_text(const caf::error& foreign) {
  auto result = name_of(foreign);
  auto& context = foreign.context();
  if (context.match_elements<std::string>())
    result.append(": ").append(context.get_as<std::string>(0));
  else if (!context.empty())
    result.append(": ").append(to_string(context));
  return result;
}

caf::error pack(errc code, onion content) {
  return caf::error{static_cast<std::uint8_t>(code), error_category,
                    caf::make_message(std::move(content))};
}

} // namespace flamigo::detail
