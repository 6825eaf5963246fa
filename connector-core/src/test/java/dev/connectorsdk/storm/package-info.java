/** Several processes on one database refresh the same grant, and some of them are killed. */
package dev.connectorsdk.storm;
