#include "flamigo/roster/detail/roster_look.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <caf/actor_cast.hpp>

namespace flamigo::detail {

namespace {

bool has_text(const claims& who, std::string_view text) {
  auto is_in = [text](const std::string& x) { return x.find(text) != x.npos; };
  return is_in(who.connection_id) || is_in(who.remote_address)
         || (who.user && (is_in(who.user->id) || is_in(who.user->name)));
}

bool comes_first(const roster_page::entry& x, const roster_page::entry& y) {
  return x.weight != y.weight ? x.weight > y.weight : x.since > y.since;
}

} // namespace

void roster_look::at(const caf::actor_addr& client, const claims_ptr& who,
                     roster_query::time_point since) {
  if ((!query.text.empty() && !has_text(*who, query.text))
      || (!query.connection.empty() && query.connection != who->connection_id))
    return;
  ++found.matching;
  auto& entries = found.entries;
  roster_page::entry mine{caf::actor_cast<caf::actor>(client), who, since};
  // It has just gone, and the roster will hear of it.
  if (!mine.client || query.limit == 0)
    return;
  if (query.weight)
    mine.weight = query.weight(mine.client, since);
  // A heap, with the one on top that is the first to go.
  if (entries.size() == query.limit) {
    if (!comes_first(mine, entries.front()))
      return;
    std::pop_heap(entries.begin(), entries.end(), comes_first);
    entries.pop_back();
  }
  entries.push_back(std::move(mine));
  std::push_heap(entries.begin(), entries.end(), comes_first);
}

void roster_look::end() {
  std::sort_heap(found.entries.begin(), found.entries.end(), comes_first);
  then(std::move(found));
}

} // namespace flamigo::detail
