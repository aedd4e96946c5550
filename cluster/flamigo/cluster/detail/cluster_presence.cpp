#include "flamigo/cluster/detail/cluster_presence.hpp"

#include <optional>
#include <string>
#include <utility>

#include "flamigo/cluster/detail/calendar_time.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo::detail {

namespace {

/// No id of a connection and no topic has it in it.
constexpr char separator = '*';

struct member_place {
  std::string_view connection;
  std::string_view channel;
  std::string_view key;
};

std::string id_of(const member_place& what) {
  std::string result{what.connection};
  result += separator;
  result += what.channel;
  result += separator;
  return result += what.key;
}

std::optional<member_place> place_of(std::string_view id) {
  auto first = id.find(separator);
  auto second = first != id.npos ? id.find(separator, first + 1) : id.npos;
  if (second == id.npos)
    return std::nullopt;
  return member_place{id.substr(0, first),
                      id.substr(first + 1, second - first - 1),
                      id.substr(second + 1)};
}

} // namespace

cluster_presence::cluster_presence(presence_engine& local,
                                   std::function<void()> wake, clock now)
  : local_(local), wake_(std::move(wake)), now_(std::move(now)) {
}

std::uint64_t cluster_presence::system_time() {
  return static_cast<std::uint64_t>(calendar_time().count());
}

// -- presence_engine ----------------------------------------------------------

void cluster_presence::set(std::string_view channel, const presence_member& who,
                           std::string_view before, std::size_t max_bytes) {
  auto mine = who;
  mine.since = now_();
  auto id = id_of({who.connection_id, channel, who.key});
  local_.set(channel, mine, before, max_bytes);
  if (has_left_)
    return;
  auto has_to_be_told = false;
  if (!before.empty())
    has_to_be_told = mine_.erase(id_of({who.connection_id, channel, before}));
  has_to_be_told |= mine_.put(
    {std::move(id), {std::move(mine.state)}, mine.since, max_bytes});
  if (has_to_be_told)
    wake_();
}

void cluster_presence::remove(std::string_view channel, std::string_view key,
                              std::string_view connection_id) {
  local_.remove(channel, key, connection_id);
  if (!has_left_ && mine_.erase(id_of({connection_id, channel, key})))
    wake_();
}

void cluster_presence::list(std::string_view channel, list_receiver then) {
  local_.list(channel, std::move(then));
}

// -- on the relay's thread ----------------------------------------------------

bool cluster_presence::add(const shared_member& what) {
  auto where = place_of(what.id);
  if (!where || where->key.empty() || where->connection.empty()
      || !topic::parse(std::string{where->channel}))
    return false;
  local_.set(where->channel,
             {std::string{where->connection}, std::string{where->key},
              what.state.text, what.since},
             {}, what.max_bytes);
  return true;
}

void cluster_presence::remove(std::string_view id) {
  if (auto where = place_of(id))
    local_.remove(where->channel, where->key, where->connection);
}

void cluster_presence::leave() noexcept {
  has_left_ = true;
}

} // namespace flamigo::detail
