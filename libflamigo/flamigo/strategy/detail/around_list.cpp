#include "flamigo/strategy/detail/around_list.hpp"

#include "flamigo/strategy/detail/strategy_handler.hpp"
#include "flamigo/strategy/detail/surrounded_stream.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo::detail {

namespace {

/// A handler of any payload: runs what wraps, and gives it the rest.
struct surrounding {
  task<raw_json> operator()(context ctx) const {
    return (*what)(std::move(ctx), next{rest});
  }

  std::shared_ptr<const around_function> what;
  std::shared_ptr<const strategy_handlers> rest;
};

/// The same where the answer comes in parts. A listing shows what it wraps.
class surrounding_stream final : public strategy_handler {
public:
  surrounding_stream(std::shared_ptr<const around_function> what,
                     std::shared_ptr<const strategy_handlers> rest)
    : what_(std::move(what)), rest_(std::move(rest)) {
  }

  std::string input() const override {
    return "none";
  }

  std::string output() const override {
    return "none";
  }

  bool streams() const noexcept override {
    return true;
  }

  std::string defaults() const override {
    return "{}";
  }

  bool requires_member(std::string_view, const std::type_info&) const override {
    return false;
  }

private:
  outcome run(context& ctx, std::string&) const override {
    if (ctx.parts() == nullptr)
      return outcome::failed(not_in_parts(ctx.action()));
    auto each = ctx.for_stream();
    context_loan loan{each};
    *ctx.parts() = surrounded_stream::items(what_, rest_, loan.give());
    return outcome::streaming();
  }

  std::shared_ptr<const around_function> what_;
  std::shared_ptr<const strategy_handlers> rest_;
};

strategy_handlers wrapped(const std::shared_ptr<const around_function>& what,
                          std::shared_ptr<const strategy_handlers> rest) {
  if (rest->streams())
    return strategy_handlers::made_of(
      std::make_unique<surrounding_stream>(what, std::move(rest)));
  return strategy_handlers::of(surrounding{what, std::move(rest)});
}

} // namespace

void around_list::add(strategy_pattern which, around_function what) {
  auto shared = std::make_shared<const around_function>(std::move(what));
  std::lock_guard guard{mtx_};
  entries_.push_back({std::move(which), std::move(shared)});
}

std::vector<std::string> around_list::patterns_of(std::string_view name) const {
  std::vector<std::string> result;
  std::lock_guard guard{mtx_};
  for (auto& x : entries_)
    if (x.which.matches(name))
      result.push_back(x.which.text());
  return result;
}

std::shared_ptr<const strategy_handlers>
around_list::wrap(std::string_view name,
                  std::shared_ptr<const strategy_handlers> handlers) const {
  std::lock_guard guard{mtx_};
  // The first one is the outermost.
  for (auto i = entries_.rbegin(); i != entries_.rend(); ++i)
    if (i->which.matches(name))
      handlers = wrapped(i->what, std::move(handlers)).share();
  return handlers;
}

std::vector<strategy_pattern> around_list::patterns() const {
  std::vector<strategy_pattern> result;
  std::lock_guard guard{mtx_};
  for (auto& x : entries_)
    result.push_back(x.which);
  return result;
}

} // namespace flamigo::detail
