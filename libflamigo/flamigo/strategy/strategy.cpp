#include "flamigo/strategy/strategy.hpp"

#include <algorithm>
#include <stdexcept>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/limit/detail/call_limits.hpp"
#include "flamigo/strategy/detail/around_list.hpp"
#include "flamigo/strategy/detail/check_bytes.hpp"
#include "flamigo/strategy/detail/seal.hpp"

namespace flamigo {

void detail::refuse_detached(std::string_view name) {
  throw std::invalid_argument{
    "strategy \"" + std::string{name}
    + "\" answers in parts, so it cannot be detached: when nobody reads them "
      "it "
      "would never end. What must not stop half way is called with ctx.keep()"};
}

// -- strategy_handlers --------------------------------------------------------

strategy_handlers::strategy_handlers() noexcept = default;

strategy_handlers::strategy_handlers(
  strategy_handlers&& other) noexcept = default;

strategy_handlers&
strategy_handlers::operator=(strategy_handlers&& other) noexcept = default;

strategy_handlers::~strategy_handlers() = default;

std::shared_ptr<const strategy_handlers> strategy_handlers::share() && {
  return std::make_shared<const strategy_handlers>(std::move(*this));
}

const detail::strategy_handler&
strategy_handlers::erased(std::size_t index) const noexcept {
  return *list_[index];
}

void strategy_handlers::keep(const detail::strategy_handler* what) {
  std::unique_ptr<const detail::strategy_handler> owned{what};
  list_.push_back(std::move(owned));
}

detail::outcome strategy_handlers::invoke(context& ctx,
                                          std::string& out) const {
  std::size_t first = 0;
  if (ctx.passes_over_some()) [[unlikely]]
    // What wraps others is one, and they are meant.
    while (first + 1 < list_.size() && ctx.passes_over(first))
      ++first;
  auto begin = out.size();
  auto result = list_[first]->invoke(ctx, out);
  for (std::size_t i = first + 1;
       i < list_.size() && result.what() == detail::outcome::kind::mismatch;
       ++i) {
    if (ctx.passes_over(i))
      continue;
    out.resize(begin);
    auto next = list_[i]->invoke(ctx, out);
    // The input that came closest tells the client most.
    if (next.what() != detail::outcome::kind::mismatch
        || field_errors_of(next.error()).size()
             < field_errors_of(result.error()).size())
      result = std::move(next);
  }
  if (result.what() != detail::outcome::kind::deferred
      && result.what() != detail::outcome::kind::streaming)
    ctx.end();
  return result;
}

bool strategy_handlers::streams() const noexcept {
  return list_.front()->streams();
}

void strategy_handlers::describe(strategy_info& info) const {
  info.streams = streams();
  info.bytes_out = list_.front()->bytes_out();
  for (auto& handler : list_) {
    info.inputs.push_back(handler->input());
    info.outputs.push_back(handler->output());
    info.kinds_in.push_back(handler->kinds_in());
    info.bytes_in.push_back(handler->bytes_in());
    info.schemas_in.push_back(handler->input_schema());
    for (auto each : handler->output_schemas())
      if (std::find(info.schemas_out.begin(), info.schemas_out.end(), each)
          == info.schemas_out.end())
        info.schemas_out.push_back(each);
    // Nobody tells afterwards which of them has answered.
    if (info.outputs.back() != info.outputs.front()
        || handler->bytes_out() != info.bytes_out)
      info.bytes_out = nullptr;
    // An input that throws when it is made says so to who calls, each time.
    info.defaults.push_back(
      {detail::guarded([&] { return handler->defaults(); },
                       [](const caf::error&) { return std::string{"{}"}; })});
  }
}

bool strategy_handlers::requires_member(std::string_view name,
                                        const std::type_info& type) const {
  return std::all_of(list_.begin(), list_.end(), [&](auto& handler) {
    return handler->requires_member(name, type);
  });
}

namespace {

std::shared_ptr<detail::call_limits> limits_of(const validator& guard) {
  auto found = guard.limits();
  return found.empty() ? nullptr : std::make_shared<detail::call_limits>(found);
}

} // namespace

// -- strategy -----------------------------------------------------------------

strategy::strategy(std::string name, validator guard, inline_home handlers)
  : guard_(std::move(guard)), limits_(limits_of(guard_)),
    is_internal_(guard_.is_internal()),
    is_open_(!is_internal_ && guard_.is_open()),
    detached_(false), homes_{std::move(handlers)},
    handlers_(homes_.front().get()) {
  info_.name = std::move(name);
  info_.guard = to_string(guard_);
  info_.home = "inline";
  this->handlers()->describe(info_);
}

strategy::strategy(strategy_info info, validator guard, hosted_home home)
  : info_(std::move(info)), guard_(std::move(guard)),
    limits_(limits_of(guard_)), is_internal_(guard_.is_internal()),
    is_open_(!is_internal_ && guard_.is_open()), detached_(info_.detached),
    handlers_(nullptr), host_(std::move(home)) {
  info_.home = "hosted";
}

void strategy::detached() {
  if (streams())
    detail::refuse_detached(name());
  auto change = [this] {
    info_.detached = true;
    detached_.set(true);
  };
  if (seal_ == nullptr)
    return change();
  seal_->change("strategy \"" + name() + "\"", "say that it is detached()",
                change);
}

void strategy::wrap(const detail::around_list& by) {
  info_.around = by.patterns_of(name());
  if (homes_.empty())
    return;
  homes_.push_back(by.wrap(name(), homes_.front()));
  handlers_.set(homes_.back().get());
}

caf::expected<std::uint32_t>
strategy::check_bytes(std::string_view payload, std::string_view places) const {
  return detail::check_bytes(info_.bytes_in, payload, places);
}

caf::error strategy::check(const claims& who) const {
  return guard_(who);
}

} // namespace flamigo
