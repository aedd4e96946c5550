#include "flamigo/domain/domain_health.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "flamigo/context/context.hpp"
#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo {

// -- by name ------------------------------------------------------------------

namespace {

using entries = std::vector<detail::domain_entry>;

/// One of that name: two domains may have it.
void take_out(std::multiset<std::string>& from, const std::string& name) {
  if (auto i = from.find(name); i != from.end())
    from.erase(i);
}

/// Those of this name, or else those for which it is short. `name_of` says what
/// they are called.
template <class F>
std::vector<const detail::domain_entry*>
all_called(const entries& all, std::string_view text, F name_of) {
  std::vector<const detail::domain_entry*> result;
  for (auto& x : all)
    if (name_of(x) == text)
      result.push_back(&x);
  if (result.empty())
    for (auto& x : all)
      if (detail::is_short_for(text, name_of(x)))
        result.push_back(&x);
  return result;
}

} // namespace

caf::expected<domain_handle> domain_health::find(std::string_view name) const {
  return find(name, nullptr);
}

caf::expected<domain_handle>
domain_health::find(std::string_view name,
                    const std::type_info* interface) const {
  std::lock_guard guard{mtx_};
  auto found = all_called(all_, name, [](auto& x) { return x.name(); });
  if (found.size() == 1) {
    if (interface != nullptr && *interface != found.front()->interface())
      return internal_error("the domain \"" + std::string{name}
                            + "\" is not hosted with this interface");
    return found.front()->handle();
  }
  auto no = "no domain is found by the name \"" + std::string{name} + "\": ";
  if (!found.empty())
    return internal_error(no
                          + "there are several; give them names of their own, "
                            "hosting_options::name");
  found = all_called(all_, name, [](auto& x) { return x.group(); });
  if (!found.empty())
    return internal_error(no + "it has shards, " + found.front()->name()
                          + " to " + found.back()->name());
  return internal_error(no + "host it before");
}

void domain_health::check_name(const std::string& name, bool is_given) const {
  std::lock_guard guard{mtx_};
  auto clashes = [&](auto& x) {
    return x.group() == name && (is_given || x.is_given());
  };
  if (std::any_of(all_.begin(), all_.end(), clashes))
    throw std::invalid_argument{"a domain of the name \"" + name
                                + "\" is hosted already, choose another one"};
}

void domain_health::add(
  std::string name, bool is_given, const std::type_info& interface,
  const std::vector<domain_handle>& shards,
  const std::vector<std::shared_ptr<domain_slot>>& slots) {
  std::lock_guard guard{mtx_};
  for (std::size_t i = 0; i < shards.size(); ++i)
    all_.emplace_back(name, is_given, interface, shards[i], slots[i]);
}

caf::expected<domain_handle>
detail::domain_host::find(std::string_view name) const {
  return services().domains.find(name);
}

caf::expected<domain_handle> context::find(std::string_view name) const {
  return services().domains.find(name);
}

// -- how they are -------------------------------------------------------------

std::vector<std::string> domain_health::down() const {
  std::lock_guard guard{mtx_};
  return {down_.begin(), down_.end()};
}

std::vector<std::string> domain_health::lost() const {
  std::lock_guard guard{mtx_};
  return {lost_.begin(), lost_.end()};
}

std::vector<domain_figures> domain_health::figures() const {
  entries all;
  {
    std::lock_guard guard{mtx_};
    all = all_;
  }
  // Without the lock: it may be the last to hold an actor that has ended.
  std::vector<domain_figures> result;
  result.reserve(all.size());
  for (auto& x : all)
    result.push_back(x.figures());
  return result;
}

void domain_health::given_up(const std::string& domain) {
  std::lock_guard guard{mtx_};
  lost_.insert(domain);
}

void domain_health::went_down(const std::string& domain) {
  std::lock_guard guard{mtx_};
  down_.insert(domain);
  missing_ = down_.size();
  ++failures_;
}

void domain_health::came_back(const std::string& domain) {
  std::lock_guard guard{mtx_};
  take_out(down_, domain);
  missing_ = down_.size();
  ++restarts_;
}

void domain_health::forget(const std::string& domain) {
  std::lock_guard guard{mtx_};
  take_out(down_, domain);
  take_out(lost_, domain);
  missing_ = down_.size();
}

} // namespace flamigo
