//! Where people's requests are taken in: words become targets, answers become words.
