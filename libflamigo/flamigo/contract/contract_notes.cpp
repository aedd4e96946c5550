#include "flamigo/contract/contract_notes.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace flamigo {

contract_notes& contract_notes::error(const std::string& strategy,
                                      declared_error what) {
  if (what.status < 400 || what.status > 599 || what.code.empty())
    throw std::invalid_argument{
      "contract: an error of \"" + strategy
      + "\" has a status from 400 to 599 and a code, as in {409, "
        "\"room_full\"}"};
  errors_[strategy].push_back(std::move(what));
  return *this;
}

void contract_notes::add_event(const std::string& topic,
                               schema_function payload, std::string channel) {
  auto& note = events_.try_emplace(topic, event_note{payload}).first->second;
  if (note.payload != payload)
    throw std::invalid_argument{"contract: the event \"" + topic
                                + "\" is of another type already; give one of "
                                  "them another topic"};
  auto& all = note.channels;
  if (!channel.empty()
      && std::find(all.begin(), all.end(), channel) == all.end())
    all.push_back(std::move(channel));
}

void contract_notes::add_request(const std::string& topic, request_note what) {
  if (!requests_.try_emplace(topic, what).second)
    throw std::invalid_argument{"contract: the request \"" + topic
                                + "\" is there already"};
}

} // namespace flamigo
