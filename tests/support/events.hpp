#pragma once

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/claims/user.hpp"
#include "flamigo/topic/topic.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::test {

/// An event that clients get.
struct posted {
  std::string room;
  std::string text;

  topic topics() const {
    return topic{"rooms/" + room};
  }

  client_message to_client() const {
    return make_client_message("chat:message", *this);
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (room, text))

/// An event of two topics that stays inside.
struct renamed {
  std::string user;
  std::string to;

  std::vector<topic> topics() const {
    return {topic{"users/" + user + "/name"}, topic{"names"}};
  }
};

BOOST_DESCRIBE_STRUCT(renamed, (), (user, to))

/// An event for all connections of a user.
struct for_user {
  std::string user;
  std::string text;

  topic topics() const {
    return user_topic(user);
  }

  client_message to_client() const {
    return make_client_message("note", *this);
  }
};

BOOST_DESCRIBE_STRUCT(for_user, (), (user, text))

struct homeless {
  std::vector<topic> topics() const {
    return {};
  }
};

BOOST_DESCRIBE_STRUCT(homeless, (), ())

} // namespace flamigo::test
