#include "flamigo/strategy/detail/around_list.hpp"

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
      handlers = std::make_shared<const strategy_handlers>(
        strategy_handlers::of(surrounding{i->what, std::move(handlers)}));
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
